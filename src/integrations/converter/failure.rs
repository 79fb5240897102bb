//! Failures that are the server's: the cause goes to the log, the person who added the document is asked to try again.

use std::fmt::Display;

use super::sandbox::Stop;
use crate::domain::content::conversion::ConversionFailure;

/// This machine is at fault, and may be better later. The cause is for the log alone.
pub(super) fn fault(cause: impl Display) -> ConversionFailure {
    log::warn!("a conversion failed: {cause}");
    ConversionFailure::ServerFault
}

impl From<Stop> for ConversionFailure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::TooLarge => Self::ResultTooLarge,
            Stop::Io(error) => fault(error),
        }
    }
}
