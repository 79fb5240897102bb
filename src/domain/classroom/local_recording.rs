//! Recordings that components of teachers make themselves, and upload.

use super::class;
use super::class::Class;
use super::class_event;
use super::member;
use crate::clock::{Millis, seconds};
use crate::db::Conn;
use crate::domain::content::file;
use crate::domain::content::file::{Address, Key, Kind};
use crate::domain::events::event::{EventPayload, LocalRecording, Video};
use crate::domain::tenancy::{secret, settings};
use crate::domain::{Error, Limit, Result};
use crate::store;
use crate::store::classroom::recording::uploaded;
pub use crate::store::classroom::recording::uploaded::Filter;
use crate::store::classroom::recording::{NewRecording, Recording};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::User;
use crate::store::{Page, Paged};

/// How many recordings of a class may be uploaded.
pub const AT_MOST: i64 = 1_000;

/// How many recordings are removed in one step.
const AT_ONCE: i64 = 20;

/// A recording that was uploaded.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The task of the component; empty if it has none.
    pub task_id: String,
    /// The format, such as mp4.
    pub format: String,
    /// Where the file is.
    pub address: Address,
    /// Its size.
    pub bytes: i64,
    /// The MD5 of its content, in hex.
    pub md5: String,
    /// When it begins, in seconds.
    pub start_time: i64,
    /// When it ends, in seconds.
    pub stop_time: i64,
    /// How long it is, in seconds.
    pub duration: i64,
    /// 0 a camera, 1 a screen, 2 the whole class.
    pub video_type: i64,
}

/// Checks that a user may upload a recording of a class, before it is uploaded. `most` is how many bytes of recordings an
/// enterprise may keep. Returns whether only the holder of a link may see it.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`], [`Error::LimitReached`].
pub fn check(conn: &mut Conn, user: &User, class_id: ClassId, most: i64) -> Result<bool> {
    let class = class::require(conn, user.enterprise_id, class_id)?;
    check_room(conn, user, &class, most, 1)?;
    Ok(!settings::recordings(conn, user.enterprise_id)?.is_public)
}

fn check_room(conn: &mut Conn, user: &User, class: &Class, most: i64, bytes: i64) -> Result<()> {
    member::check_moderator(conn, class, &user.user_id)?;
    let reached = |limit| Err(Error::LimitReached { limit, retry_after: None });
    if uploaded::count(conn, class.enterprise_id, class.class_id)? >= AT_MOST {
        return reached(Limit::ClassRecordings);
    }
    let kept = store::content::file::bytes_of(conn, class.enterprise_id, Kind::Recording)?;
    if kept.saturating_add(bytes) > most {
        return reached(Limit::RecordingBytes);
    }
    Ok(())
}

/// Keeps a recording that a moderator of a class uploaded, and publishes it. If the same user uploaded the same content for
/// the same task before, this file is discarded, and the earlier recording is returned.
///
/// # Errors
/// As [`check`]; [`Error::Forbidden`] when the file was discarded meanwhile.
pub fn add(
    conn: &mut Conn,
    enterprise: &Enterprise,
    (user, class_id): (&User, ClassId),
    draft: Draft,
    most: i64,
    now: Millis,
) -> Result<Recording> {
    let enterprise_id = enterprise.enterprise_id;
    let class = class::lock(conn, enterprise_id, class_id)?;
    member::check_moderator(conn, &class, &user.user_id)?;
    let video_id = format!("{:x}", md5::compute(format!("{}\n{}\n{}", user.user_id, draft.task_id, draft.md5)));
    if let Some(earlier) = store::classroom::recording::find(conn, enterprise_id, class_id, &video_id)? {
        file::discard(conn, enterprise_id, draft.address.key(), now)?;
        return Ok(earlier);
    }
    check_room(conn, user, &class, most, draft.bytes)?;
    file::keep(conn, enterprise_id, draft.address.key(), draft.bytes)?;
    let task_id = if draft.task_id.is_empty() { secret::letters_and_digits(20) } else { draft.task_id };
    let new = NewRecording {
        enterprise_id,
        class_id,
        user_id: user.user_id.clone(),
        stream_id: String::new(),
        video_id,
        video_url: draft.address.to_string(),
        video_format: draft.format,
        start_time: draft.start_time,
        stop_time: draft.stop_time,
        play_time: 0,
        video_size: draft.bytes,
        duration: draft.duration,
        create_time: now,
        video_type: draft.video_type,
        file_key: Some(draft.address.key().as_str().to_owned()),
        recording_id: None,
        task_id: Some(task_id),
    };
    store::classroom::recording::insert(conn, &new)?;
    let added = store::classroom::recording::find(conn, enterprise_id, class_id, &new.video_id)?;
    let added = added.ok_or(Error::UnknownClass(class_id))?;
    class_event::publish(conn, enterprise, class_id, &published(enterprise, &class, &added), now)?;
    Ok(added)
}

fn published(enterprise: &Enterprise, class: &Class, recording: &Recording) -> EventPayload {
    let really = |real: Millis, booked: Millis| seconds(if real > 0 { real } else { booked });
    EventPayload::LocallyRecorded(Box::new(LocalRecording {
        sdkappid: enterprise.sdkappid,
        class_topic: class.class_topic.clone(),
        teacher_id: class.teacher_id.clone(),
        assistant_id: class.assistant_id.clone(),
        begin: recording.start_time,
        end: recording.stop_time,
        class_begin: really(class.real_start_time, class.start_time),
        class_end: really(class.real_stop_time, class.stop_time),
        task_id: recording.task_id.clone().unwrap_or_default(),
        video: Video {
            user_id: recording.user_id.clone(),
            video_id: recording.video_id.clone(),
            video_url: recording.video_url.clone(),
            video_format: recording.video_format.clone(),
            play_time: recording.play_time,
            size: recording.video_size,
            duration: recording.duration,
            video_type: recording.video_type,
        },
    }))
}

/// The recordings of a class that components uploaded, in the order in which they were uploaded.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn list(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    filter: &Filter,
    page: Page,
) -> Result<Paged<Recording>> {
    class::require(conn, enterprise_id, class_id)?;
    Ok(uploaded::list(conn, (enterprise_id, class_id), filter, page)?)
}

/// Removes some recordings that were uploaded before a time. Returns how many.
///
/// # Errors
/// Only those of the database.
pub fn discard_outdated(conn: &mut Conn, uploaded_before: Millis, now: Millis) -> Result<usize> {
    let outdated = uploaded::outdated(conn, uploaded_before, AT_ONCE)?;
    for recording in &outdated {
        let enterprise_id = recording.enterprise_id;
        if let Some(key) = recording.file_key.as_deref().and_then(Key::parse) {
            file::discard(conn, enterprise_id, &key, now)?;
        }
        uploaded::delete(conn, enterprise_id, recording.id)?;
    }
    Ok(outdated.len())
}
