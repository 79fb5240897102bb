//! Recordings of classes.

pub mod uploaded;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::recordings;
use crate::store::schema::recordings::dsl;

/// A recording. The recorder's own values are stored unchanged.
#[derive(Clone, Debug, Queryable)]
pub struct Recording {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The user who is recorded; empty if unknown.
    pub user_id: String,
    /// The recorded stream.
    pub stream_id: String,
    /// The id that the recorder gave; unique within the class.
    pub video_id: String,
    /// The URL.
    pub video_url: String,
    /// The format, such as mp4.
    pub video_format: String,
    /// The start, in seconds since the epoch.
    pub start_time: i64,
    /// The end, in seconds since the epoch.
    pub stop_time: i64,
    /// The position of the first frame in the stream, in milliseconds.
    pub play_time: i64,
    /// The size in bytes.
    pub video_size: i64,
    /// The duration in seconds.
    pub duration: i64,
    /// When it was reported.
    pub create_time: Millis,
    /// 0 for a camera, 1 for a screen, 2 for the whole class.
    pub video_type: i64,
    /// The file of a video that Lectern made, or that a component uploaded.
    pub file_key: Option<String>,
    /// The recording that Lectern made it of.
    pub recording_id: Option<i64>,
    /// The task of the component that recorded and uploaded it; `None` for others.
    pub task_id: Option<String>,
}

/// A recording to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = recordings, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Recording")]
pub struct NewRecording {
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
    pub user_id: String,
    pub stream_id: String,
    pub video_id: String,
    pub video_url: String,
    pub video_format: String,
    pub start_time: i64,
    pub stop_time: i64,
    pub play_time: i64,
    pub video_size: i64,
    pub duration: i64,
    pub create_time: Millis,
    pub video_type: i64,
    pub file_key: Option<String>,
    pub recording_id: Option<i64>,
    pub task_id: Option<String>,
}

/// Inserts a recording. Returns false if it already exists.
pub fn insert(conn: &mut Conn, new: &NewRecording) -> Result<bool> {
    let insert = diesel::insert_into(dsl::recordings).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|added| added > 0)
}

/// Returns the recordings of a class, in the order in which they were reported.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<Recording>> {
    dsl::recordings
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .load(conn)
}

/// Returns the recording of a class with this `video_id`.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    video_id: &str,
) -> Result<Option<Recording>> {
    dsl::recordings
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::video_id.eq(video_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the files of the videos of some classes that Lectern made, or components uploaded.
pub fn file_keys(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<Vec<String>> {
    let keys: Vec<Option<String>> = dsl::recordings
        .filter(dsl::class_id.eq_any(class_ids))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::file_key.is_not_null())
        .select(dsl::file_key)
        .load(conn)?;
    Ok(keys.into_iter().flatten().collect())
}

/// Removes the videos that Lectern made of a recording. Returns their files.
pub fn remove_of(conn: &mut Conn, enterprise_id: EnterpriseId, recording_id: i64) -> Result<Vec<String>> {
    let of_it = dsl::recordings.filter(dsl::recording_id.eq(recording_id)).filter(dsl::enterprise_id.eq(enterprise_id));
    let keys: Vec<Option<String>> = of_it.select(dsl::file_key).load(conn)?;
    diesel::delete(of_it).execute(conn)?;
    Ok(keys.into_iter().flatten().collect())
}
