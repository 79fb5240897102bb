//! The videos that a recording becomes.

use crate::clock::Millis;
use crate::domain::content::file::Key;

/// A video that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposedVideo {
    /// Its name in the folder of the file.
    pub name: String,
    /// Whose it is; empty for the whole class.
    pub user_id: String,
    /// 0 a camera or a voice, 1 a screen, 2 the whole class.
    pub video_type: i64,
    /// The format, such as mp4.
    pub format: String,
    /// When it begins, in milliseconds since the begin of the recording.
    pub begin: Millis,
    /// How long it is, in milliseconds.
    pub duration: Millis,
    /// Its size in bytes.
    pub bytes: i64,
}

/// The videos of a recording, in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    /// The file.
    pub key: Key,
    /// Its size.
    pub bytes: i64,
    /// The videos in it.
    pub videos: Vec<ComposedVideo>,
}
