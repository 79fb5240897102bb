//! Recordings that Lectern makes of classes: from the begin of the class to the video.

mod log;
mod row;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::online_recordings;
use crate::store::schema::online_recordings::dsl;

pub use log::{
    NewPart, Part, add_log, add_part, file_keys, has_open_logs, parts, remove_parts, set_all_logs_whole, set_log_whole,
};
pub use row::{NewRecording, OnlineRecording, RecordingState, Span, Spans};

/// Inserts a recording, and returns it.
pub fn insert(conn: &mut Conn, new: &NewRecording) -> Result<OnlineRecording> {
    diesel::insert_into(online_recordings::table).values(new).execute(conn)?;
    dsl::online_recordings
        .filter(dsl::task_id.eq(&new.task_id))
        .filter(dsl::enterprise_id.eq(new.enterprise_id))
        .get_result(conn)
}

/// Returns a recording and locks it until the transaction ends.
pub fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<Option<OnlineRecording>> {
    let one = dsl::online_recordings.filter(dsl::id.eq(id)).filter(dsl::enterprise_id.eq(enterprise_id));
    match conn {
        Conn::Sqlite(c) => one.get_result(c).optional(),
        Conn::Postgres(c) => one.for_no_key_update().get_result(c).optional(),
    }
}

/// Returns a recording.
pub fn get(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<Option<OnlineRecording>> {
    dsl::online_recordings
        .filter(dsl::id.eq(id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the recording of a task.
pub fn of_task(conn: &mut Conn, enterprise_id: EnterpriseId, task_id: &str) -> Result<Option<OnlineRecording>> {
    dsl::online_recordings
        .filter(dsl::task_id.eq(task_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the recordings of a class, in their order.
pub fn of_class(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<OnlineRecording>> {
    dsl::online_recordings
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .load(conn)
}

/// Returns recordings of an enterprise, the newest first: those before the row `before`, and only those in a state, if these
/// are given.
pub fn newest(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    state: Option<RecordingState>,
    before: Option<i64>,
    at_most: i64,
) -> Result<Vec<OnlineRecording>> {
    let mut query = dsl::online_recordings.filter(dsl::enterprise_id.eq(enterprise_id)).into_boxed();
    if let Some(state) = state {
        query = query.filter(dsl::state.eq(state));
    }
    if let Some(before) = before {
        query = query.filter(dsl::id.lt(before));
    }
    query.order(dsl::id.desc()).limit(at_most).load_boxed(conn)
}

/// Returns the recording of a class that is not over.
pub fn current(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<OnlineRecording>> {
    dsl::online_recordings
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::end_time.is_null())
        .order(dsl::id.desc())
        .limit(1)
        .get_result(conn)
        .optional()
}

/// Returns the recordings that are over and whose logs are being collected, of all enterprises.
pub fn collecting(conn: &mut Conn, at_most: i64) -> Result<Vec<OnlineRecording>> {
    dsl::online_recordings.filter(dsl::state.eq(RecordingState::Collecting)).order(dsl::id).limit(at_most).load(conn)
}

/// Returns the recordings that are kept no longer, of all enterprises.
pub fn outdated(conn: &mut Conn, ended_before: Millis, at_most: i64) -> Result<Vec<OnlineRecording>> {
    dsl::online_recordings
        .filter(dsl::end_time.lt(ended_before))
        .filter(dsl::state.eq_any([RecordingState::Done, RecordingState::Failed]))
        .order(dsl::end_time)
        .limit(at_most)
        .load(conn)
}

/// Writes a recording.
pub fn update(conn: &mut Conn, recording: &OnlineRecording) -> Result<()> {
    diesel::update(
        dsl::online_recordings.filter(dsl::id.eq(recording.id)).filter(dsl::enterprise_id.eq(recording.enterprise_id)),
    )
    .set((
        dsl::state.eq(recording.state),
        dsl::spans.eq(&recording.spans),
        dsl::message.eq(&recording.message),
        dsl::end_time.eq(recording.end_time),
        dsl::requested.eq(recording.requested),
    ))
    .execute(conn)
    .map(drop)
}

/// Deletes a recording, with the rows of its logs.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<()> {
    diesel::delete(dsl::online_recordings.filter(dsl::id.eq(id)).filter(dsl::enterprise_id.eq(enterprise_id)))
        .execute(conn)
        .map(drop)
}
