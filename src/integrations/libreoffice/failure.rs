//! How a conversion fails, each with a message for whoever added the document.

use std::fmt::Display;

use super::sandbox::Stop;
use crate::integrations::converter::Failure;

/// The protocol's one code for a failed transcoding (10250, transcode creation).
const CODE: i64 = 10_250;

impl Failure {
    /// The document is at fault: another try fails too.
    pub(super) fn document(message: impl Into<String>) -> Self {
        Self { code: CODE, message: message.into(), may_pass: false }
    }

    /// This machine is at fault, and another try may succeed. The cause goes to the log alone.
    pub(super) fn machine(cause: impl Display) -> Self {
        log::warn!("a conversion failed: {cause}");
        Self {
            code: CODE,
            message: "The document could not be converted because of a fault of the server. Try it again later."
                .to_owned(),
            may_pass: true,
        }
    }

    pub(super) fn missing(what: &str) -> Self {
        Self {
            code: CODE,
            message: format!("Documents can't be converted on this server yet: {what}"),
            may_pass: false,
        }
    }

    pub(super) fn damaged() -> Self {
        Self::document(
            "The document can't be opened: it is damaged or protected by a password. Open it where it was made, save it anew \
             without a password, and add it again.",
        )
    }

    pub(super) fn encrypted() -> Self {
        Self::document("The document is protected by a password. Save it without one and add it again.")
    }

    /// `head` is the beginning of the file.
    pub(super) fn unknown_kind(head: &[u8]) -> Self {
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        if head.contains("<html") || head.contains("<!doctype html") {
            return Self::document("Web pages can't be converted. Print the page into a PDF file and add that.");
        }
        Self::document(
            "Files of this kind can't be converted, or the file is damaged. Save it as PPTX, DOCX, XLSX, ODF, PDF, an image or \
             plain text and add it again.",
        )
    }

    pub(super) fn unpacks_too_large() -> Self {
        Self::document(
            "The document would grow too large when it is unpacked. Make it smaller, with fewer or smaller pictures, and add it \
             again.",
        )
    }

    pub(super) fn too_many_pages(limit: u32) -> Self {
        Self::document(format!("The document has more than {limit} pages. Split it and add the parts."))
    }

    pub(super) fn too_slow(limit: std::time::Duration) -> Self {
        let limit = humantime::format_duration(limit);
        Self::document(format!(
            "Converting the document took longer than {limit}. Split it or make it simpler and add it again."
        ))
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::TooLarge => Self::document(
                "What comes of the document is too large. Split it, or make its pictures smaller, and add it again.",
            ),
            Stop::Io(error) => Self::machine(error),
        }
    }
}
