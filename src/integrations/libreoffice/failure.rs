//! Failures of the server: the cause is logged, and the client is asked to try again.

use std::fmt::Display;

use crate::domain::content::conversion::ConversionFailure;
use crate::integrations::sandbox::Stop;

/// A temporary failure of this machine. The cause is only logged.
pub(super) fn fault(cause: impl Display) -> ConversionFailure {
    log::warn!("a conversion failed: {cause}");
    ConversionFailure::ServerFault
}

/// The failure for a file of an unknown kind. `head` is the beginning of the file.
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
