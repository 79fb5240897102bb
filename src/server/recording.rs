//! Starts what records classes, as the settings say.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::{Config, RecordingSwitch};
use crate::integrations::ffmpeg;
use crate::integrations::ffmpeg::Ffmpeg;
use crate::recording::{Recorder, RecorderSettings};

/// Starts the recorder of an instance with a media server.
pub(super) fn start(config: &Config, has_media: bool, clock: &Clock) -> io::Result<Option<Arc<Recorder>>> {
    let recording = &config.recording;
    if !has_media || recording.switch == RecordingSwitch::Off {
        return Ok(None);
    }
    let (folder, least_free) = (recording.folder.clone(), recording.least_free_bytes);
    Recorder::start(RecorderSettings { folder, least_free }, clock).map(Arc::new).map(Some)
}

/// What makes videos of recordings, in this folder.
pub(super) fn ffmpeg(config: &Config, work: &Path) -> Ffmpeg {
    let program = config.recording.ffmpeg.clone();
    Ffmpeg::new(ffmpeg::Settings { program, work: work.to_owned(), ..ffmpeg::Settings::default() })
}
