//! What the statuses of classes are called.

use crate::console::words::Words;
use crate::domain::classroom::class::Status;

/// The text for a status, and the style that it is shown with.
pub(super) fn label(words: &Words, status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Will => (words.class_planned, "waiting"),
        Status::Ing => (words.class_running, "good"),
        Status::End => (words.class_over, ""),
    }
}
