//! Failures that are the server's: the cause goes to the log, the person who added the document is asked to try again.

use std::fmt::Display;

use super::sandbox::Stop;
use crate::domain::content::conversion::ConversionFailure;

/// This machine is at fault, and may be better later. The cause is for the log alone.
pub(super) fn fault(cause: impl Display) -> ConversionFailure {
    log::warn!("a conversion failed: {cause}");
    ConversionFailure::ServerFault
}

/// The failure for a file of no known kind. `head` is its beginning.
pub(super) fn unknown_kind(head: &[u8]) -> ConversionFailure {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if head.contains("<html") || head.contains("<!doctype html") {
        return ConversionFailure::WebPage;
    }
    ConversionFailure::UnknownKind
}

impl From<Stop> for ConversionFailure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::TooLarge => Self::ResultTooLarge,
            Stop::Io(error) => fault(error),
        }
    }
}
