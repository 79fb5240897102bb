//! Why nothing was stored or read.

use std::path::PathBuf;

/// Why nothing was stored or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL names no storage that can be used.
    #[error("the storage URL {0}")]
    Address(String),
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// A file that was to be stored can't be read.
    #[error("{0:?} can't be stored: {1}")]
    Source(PathBuf, String),
    /// The storage failed.
    #[error("the storage failed: {0}")]
    Failed(String),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } | object_store::Error::InvalidPath { .. } => Self::Missing,
            other => Self::Failed(other.to_string()),
        }
    }
}
