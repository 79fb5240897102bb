//! Rows of recordings that Lectern makes.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::events::payload::Requested;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::online_recordings;
use crate::store::tenancy::settings::Product;
use crate::store::text::{Json, words};

words! {
    /// What becomes of a recording.
    RecordingState {
        /// It is being recorded.
        Running = "running",
        /// It is interrupted, and will go on.
        Paused = "paused",
        /// It is over. What instances wrote is being stored.
        Collecting = "collecting",
        /// Its video is being made.
        Composing = "composing",
        /// There is a video.
        Done = "done",
        /// There is no video. What was recorded is kept.
        Failed = "failed",
    }
}

/// A time in which a class is recorded, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// When it began.
    pub begin: Millis,
    /// When it ended; `None` while it goes on.
    pub end: Option<Millis>,
}

/// The times in which a class is recorded, in their order.
pub type Spans = Json<Vec<Span>>;

/// A recording that Lectern makes of a class.
#[derive(Clone, Debug, Queryable)]
pub struct OnlineRecording {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The id on the wire.
    pub task_id: String,
    /// What is made of it.
    pub product: Product,
    /// What becomes of it.
    pub state: RecordingState,
    /// The times in which the class was recorded.
    pub spans: Spans,
    /// Why it ended early or failed; empty if it did not.
    pub message: String,
    /// When it began.
    pub begin_time: Millis,
    /// When it ended.
    pub end_time: Option<Millis>,
    /// How it, or its video, was requested.
    pub requested: Requested,
}

/// A recording to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = online_recordings, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of OnlineRecording")]
pub struct NewRecording {
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
    pub task_id: String,
    pub product: Product,
    pub state: RecordingState,
    pub spans: Spans,
    pub message: String,
    pub begin_time: Millis,
    pub end_time: Option<Millis>,
    pub requested: Requested,
}
