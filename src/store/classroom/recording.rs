//! Recordings: what was recorded of a class.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::recordings;
use crate::store::schema::recordings::dsl;

/// A recording. What the recorder says of itself is kept as it says it.
#[derive(Clone, Debug, Queryable)]
pub struct Recording {
    /// Counts up.
    pub id: i64,
    /// Whose class it is of.
    pub enterprise_id: i64,
    /// The class.
    pub class_id: i64,
    /// Who is seen and heard; empty when nobody says.
    pub user_id: String,
    /// The stream that was recorded.
    pub stream_id: String,
    /// What the recorder calls it; unique within the class.
    pub video_id: String,
    /// Where it is.
    pub video_url: String,
    /// Such as mp4.
    pub video_format: String,
    /// When it begins, in seconds since the epoch.
    pub start_time: i64,
    /// When it ends, in seconds since the epoch.
    pub stop_time: i64,
    /// Where its first picture stands in the stream, in milliseconds.
    pub play_time: i64,
    /// In bytes.
    pub video_size: i64,
    /// In seconds.
    pub duration: i64,
    /// When it was reported.
    pub create_time: Millis,
}

/// What a new recording starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = recordings, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Recording")]
pub struct NewRecording {
    pub enterprise_id: i64,
    pub class_id: i64,
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
}

/// Adds a recording; says whether it was not there yet.
pub fn insert(conn: &mut Conn, new: &NewRecording) -> Result<bool> {
    let insert = diesel::insert_into(dsl::recordings).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|added| added > 0)
}

/// The recordings of a class in the order in which they were reported.
pub fn list(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Vec<Recording>> {
    dsl::recordings
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .load(conn)
}
