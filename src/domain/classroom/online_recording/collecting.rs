//! Collecting what instances wrote of a recording, until its video can be made.

use crate::clock::Millis;
use crate::db::{Conn, Topic};
use crate::domain::Result;
use crate::domain::content::conversion;
use crate::domain::content::file;
use crate::domain::content::file::Key;
use crate::store;
use crate::store::classroom::online_recording::{NewPart, OnlineRecording, RecordingState};
use crate::store::ids::EnterpriseId;

/// Notified when a transaction that ended a recording, or stored the last of it, is committed.
pub static OVER: Topic<()> = Topic::new("recordings that are over");

/// How many recordings are looked at in one step.
const AT_ONCE: i64 = 100;

/// A part of a log that was written to a file.
#[derive(Clone, Debug)]
pub struct StoredPart {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The recording.
    pub recording_id: i64,
    /// The log.
    pub log: String,
    /// Its position in the log, from 1.
    pub number: i64,
    /// The file, which is not kept yet.
    pub key: Key,
    /// Its size.
    pub bytes: i64,
}

/// Registers a log that an instance is about to write. Returns false if the recording does not run any more.
///
/// # Errors
/// Only those of the database.
pub fn add_log(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64, log: &str) -> Result<bool> {
    let recording = store::classroom::online_recording::lock(conn, enterprise_id, recording_id)?;
    if !recording.is_some_and(|recording| recording.state == RecordingState::Running) {
        return Ok(false);
    }
    store::classroom::online_recording::add_log(conn, enterprise_id, recording_id, log)?;
    Ok(true)
}

/// Keeps a part of a log. Its file is discarded if the recording is gone, or has the part already.
///
/// # Errors
/// Those of [`file::keep`].
pub fn part_stored(conn: &mut Conn, part: &StoredPart, now: Millis) -> Result<()> {
    let StoredPart { enterprise_id, recording_id, ref log, number, ref key, bytes } = *part;
    let recording = store::classroom::online_recording::lock(conn, enterprise_id, recording_id)?;
    let new =
        NewPart { recording_id, log: log.clone(), number, enterprise_id, file_key: key.as_str().to_owned(), bytes };
    if recording.is_some() && store::classroom::online_recording::add_part(conn, &new)? {
        file::keep(conn, enterprise_id, key, bytes)
    } else {
        file::discard(conn, enterprise_id, key, now)
    }
}

/// All parts of a log are stored.
///
/// # Errors
/// Only those of the database.
pub fn log_stored(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64, log: &str) -> Result<()> {
    store::classroom::online_recording::set_log_whole(conn, enterprise_id, recording_id, log)?;
    OVER.notify_at_commit(());
    Ok(())
}

/// No instance writes any logs but these: what is not stored of others is lost.
///
/// # Errors
/// Only those of the database.
pub fn no_more_logs(conn: &mut Conn, but: &[String]) -> Result<()> {
    Ok(store::classroom::online_recording::set_all_logs_whole(conn, but)?)
}

/// The recordings that are over and of which no video is being made yet, of all enterprises.
///
/// # Errors
/// Only those of the database.
pub fn collecting(conn: &mut Conn) -> Result<Vec<OnlineRecording>> {
    Ok(store::classroom::online_recording::collecting(conn, AT_ONCE)?)
}

/// Whether everything of a recording is stored.
///
/// # Errors
/// Only those of the database.
pub fn is_collected(conn: &mut Conn, recording: &OnlineRecording) -> Result<bool> {
    Ok(!store::classroom::online_recording::has_open_logs(conn, recording.enterprise_id, recording.id)?)
}

/// Has the video of a recording made, of what is stored. One that is being made, or was, is unchanged.
///
/// # Errors
/// Only those of the database.
pub fn to_compose(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64, now: Millis) -> Result<()> {
    let Some(mut recording) = store::classroom::online_recording::lock(conn, enterprise_id, recording_id)? else {
        return Ok(());
    };
    if recording.state != RecordingState::Collecting {
        return Ok(());
    }
    recording.state = RecordingState::Composing;
    store::classroom::online_recording::update(conn, &recording)?;
    conversion::request_video(conn, enterprise_id, (recording_id, &recording.task_id), now)
}
