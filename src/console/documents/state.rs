//! What became of a document.

use crate::console::words::Words;
use crate::domain::content::document::{Document, TranscodeStatus};

/// The text for the state of the conversion, and the class of its label.
pub(super) fn label(words: &Words, document: &Document) -> (&'static str, &'static str) {
    match document.transcode_status {
        TranscodeStatus::None => (words.document_as_is, ""),
        TranscodeStatus::Queued => (words.document_waits, "waiting"),
        TranscodeStatus::Processing => (words.document_converting, "waiting"),
        TranscodeStatus::Finished if document.transcode_failure.is_some() => (words.document_failed, "bad"),
        TranscodeStatus::Finished => (words.document_ready, "good"),
    }
}

/// The name with the extension.
pub(super) fn full_name(document: &Document) -> String {
    match document.doc_ext.trim_start_matches('.') {
        "" => document.doc_name.clone(),
        extension => format!("{}.{extension}", document.doc_name),
    }
}
