//! Why a program did not do what it was asked.

use std::time::Duration;

use crate::integrations::sandbox::Stop;

/// Why a program did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The program ended with an error.
    #[error("ffmpeg ended with an error: {0}")]
    Program(String),
    /// The program did nothing for a long time, or took too long.
    #[error("ffmpeg did not go on for {}", humantime::format_duration(*.0))]
    Hanging(Duration),
    /// The result is larger than allowed.
    #[error("the result is too large")]
    TooLarge,
    /// Something failed on this machine.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::TooLarge => Self::TooLarge,
            Stop::Io(error) => Self::Io(error),
        }
    }
}

/// The end of what a program said, in one line.
pub(super) fn last_words(errors: &str) -> String {
    let lines: Vec<&str> = errors.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.last().copied().unwrap_or("without a word");
    last.chars().take(200).collect()
}
