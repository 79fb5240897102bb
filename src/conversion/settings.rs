//! How documents are converted.

use std::time::Duration;

/// The settings of a [`Conversions`](super::Conversions) worker.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many documents at once.
    pub workers: usize,
    /// The largest document, in bytes.
    pub limit: u64,
    /// How long a download may take.
    pub timeout: Duration,
    /// Whether documents may be fetched from addresses inside networks.
    pub allow_private: bool,
}
