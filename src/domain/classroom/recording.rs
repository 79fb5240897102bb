//! Recordings reported by an external recorder.

use super::class;
use super::class_event;
use super::notice;
use super::notice::Notice;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::events::event::{EventPayload, Requested, Video};
use crate::store;
use crate::store::classroom::recording::NewRecording;
pub use crate::store::classroom::recording::{Recording, list};
use crate::store::ids::ClassId;
use crate::store::tenancy::enterprise::Enterprise;

/// External recorders report cameras.
const CAMERA: i64 = 0;

/// A recording as reported by the recorder.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of Recording")]
pub struct Report {
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
}

/// Stores a recording of a class and publishes its event. A recording that was reported before is ignored.
///
/// # Errors
/// [`Error::UnknownClass`](crate::domain::Error::UnknownClass).
pub fn keep(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, report: Report, now: Millis) -> Result<()> {
    let class = class::lock(conn, enterprise.enterprise_id, class_id)?;
    let video = Video {
        user_id: report.user_id.clone(),
        video_id: report.video_id.clone(),
        video_url: report.video_url.clone(),
        video_format: report.video_format.clone(),
        play_time: report.play_time,
        size: report.video_size,
        duration: report.duration,
        video_type: CAMERA,
    };
    let new = NewRecording {
        enterprise_id: enterprise.enterprise_id,
        class_id,
        user_id: report.user_id,
        stream_id: report.stream_id,
        video_id: report.video_id,
        video_url: report.video_url,
        video_format: report.video_format,
        start_time: report.start_time,
        stop_time: report.stop_time,
        play_time: report.play_time,
        video_size: report.video_size,
        duration: report.duration,
        create_time: now,
        video_type: CAMERA,
        file_key: None,
        recording_id: None,
        task_id: None,
    };
    if !store::classroom::recording::insert(conn, &new)? {
        return Ok(());
    }
    notice::send(conn, &class, &Notice::Recorded, now)?;
    let payload = EventPayload::Recorded {
        begin: new.start_time,
        end: new.stop_time,
        videos: vec![video],
        message: String::new(),
        time: now,
        requested: Requested::No,
    };
    class_event::publish(conn, enterprise, class_id, &payload, now)
}
