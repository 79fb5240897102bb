//! Why the service could not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::db;
use crate::media::StartError;
use crate::storage;

/// Why the service could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address can't be bound.
    #[error("can't listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The media server does not start.
    #[error("{0} (LECTERN_MEDIA_LISTEN sets another address, LECTERN_MEDIA=off does without)")]
    Media(#[from] StartError),
    /// The database can't be used.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The chat service can't be called.
    #[error("the chat service can't be called: {0}")]
    Chat(String),
    /// The storage of files can't be opened.
    #[error("{0}")]
    Storage(#[from] storage::Error),
    /// Backups can't be made.
    #[error("LECTERN_BACKUP_URL: {0}")]
    Backup(String),
    /// There is no work folder for conversions.
    #[error("there is no folder to convert documents in, below {0}: {1}")]
    Folder(PathBuf, io::Error),
    /// There is no folder for recordings.
    #[error(
        "recordings can't be written to {0}: {1} (LECTERN_RECORDING_FOLDER sets another folder, LECTERN_RECORDING=off does without)"
    )]
    Recording(PathBuf, io::Error),
    /// The video service can't be called.
    #[error("the video service can't be called: {0}")]
    Vod(String),
    /// The HTTP server failed.
    #[error("serving ended: {0}")]
    Serve(#[from] io::Error),
}
