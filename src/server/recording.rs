//! Starts what records classes and shows them live, as the settings say.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::{Config, HlsSwitch, RecordingSwitch};
use crate::integrations::ffmpeg;
use crate::integrations::ffmpeg::Ffmpeg;
use crate::recording::{Live, Recorder, RecorderSettings};
use crate::service::stage::Outlets;
use crate::storage::Storage;

/// Starts what records the classes of an instance with a media server, and what shows them live.
pub(super) fn start(
    config: &Config,
    has_media: bool,
    clock: &Clock,
    (ffmpeg, storage): (&Arc<Ffmpeg>, &Storage),
) -> io::Result<Outlets> {
    if !has_media {
        return Ok(Outlets::default());
    }
    Ok(Outlets { recorder: recorder(config, clock)?, live: live(config, ffmpeg, storage) })
}

fn recorder(config: &Config, clock: &Clock) -> io::Result<Option<Arc<Recorder>>> {
    let recording = &config.recording;
    if recording.switch == RecordingSwitch::Off {
        return Ok(None);
    }
    let (folder, least_free) = (recording.folder.clone(), recording.least_free_bytes);
    Recorder::start(RecorderSettings { folder, least_free }, clock).map(Arc::new).map(Some)
}

fn live(config: &Config, ffmpeg: &Arc<Ffmpeg>, storage: &Storage) -> Option<Arc<Live>> {
    if config.media.hls == HlsSwitch::Off {
        return None;
    }
    if let Some(missing) = ffmpeg.missing() {
        log::warn!("no class is shown live: {missing}");
        return None;
    }
    Some(Arc::new(Live::new(ffmpeg.clone(), storage.clone(), config.media.hls_classes.into())))
}

/// What makes videos of recordings, in this folder.
pub(super) fn ffmpeg(config: &Config, work: &Path) -> Ffmpeg {
    let program = config.recording.ffmpeg.clone();
    Ffmpeg::new(ffmpeg::Settings { program, work: work.to_owned(), ..ffmpeg::Settings::default() })
}
