//! The videos that are made of a recording.

use crate::clock::{Millis, seconds};
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::class_event;
pub use crate::domain::content::conversion::{ComposedVideo, Composition};
use crate::domain::content::file::Address;
use crate::domain::events::event::{EventPayload, Video};
use crate::store;
use crate::store::classroom::online_recording::{OnlineRecording, RecordingState};
use crate::store::classroom::recording::NewRecording;
use crate::store::ids::EnterpriseId;

/// Keeps the videos of a recording, and publishes that they are there. The file is kept already.
pub(in crate::domain) fn composed(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    recording_id: i64,
    composition: &Composition,
    now: Millis,
) -> Result<()> {
    let Some(mut recording) = store::classroom::online_recording::lock(conn, enterprise_id, recording_id)? else {
        return Ok(());
    };
    let mut videos = Vec::new();
    for video in &composition.videos {
        let new = row(&recording, composition, video, now);
        store::classroom::recording::insert(conn, &new)?;
        videos.push(Video {
            user_id: new.user_id,
            video_id: new.video_id,
            video_url: new.video_url,
            video_format: new.video_format,
            play_time: new.play_time,
            size: new.video_size,
            duration: new.duration,
            video_type: new.video_type,
        });
    }
    recording.state = RecordingState::Done;
    // What was recorded is in the video.
    let parts = store::classroom::online_recording::remove_parts(conn, enterprise_id, recording_id)?;
    store::content::file::discard(conn, enterprise_id, &parts, now)?;
    store::classroom::online_recording::update(conn, &recording)?;
    let (begin, end) = times(&recording);
    let message = recording.message.clone();
    let payload = EventPayload::Recorded { begin, end, videos, message, time: now, requested: recording.requested };
    publish(conn, &recording, &payload, now)
}

/// There is no video of a recording, for a reason in words. What was recorded is kept.
pub(in crate::domain) fn not_composed(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    recording_id: i64,
    message: &str,
    now: Millis,
) -> Result<()> {
    let Some(mut recording) = store::classroom::online_recording::lock(conn, enterprise_id, recording_id)? else {
        return Ok(());
    };
    recording.state = RecordingState::Failed;
    message.clone_into(&mut recording.message);
    store::classroom::online_recording::update(conn, &recording)?;
    let (begin, end) = times(&recording);
    let (message, requested) = (message.to_owned(), recording.requested);
    let payload = EventPayload::RecordingFailed { begin, end, message, time: now, requested };
    publish(conn, &recording, &payload, now)
}

fn publish(conn: &mut Conn, recording: &OnlineRecording, payload: &EventPayload, now: Millis) -> Result<()> {
    let enterprise = store::tenancy::enterprise::get(conn, recording.enterprise_id)?;
    enterprise.map_or(Ok(()), |enterprise| class_event::publish(conn, &enterprise, recording.class_id, payload, now))
}

/// When a recording began and ended, in seconds.
fn times(recording: &OnlineRecording) -> (i64, i64) {
    let end = recording.end_time.unwrap_or(recording.begin_time);
    (seconds(recording.begin_time), seconds(end))
}

fn row(recording: &OnlineRecording, composition: &Composition, video: &ComposedVideo, now: Millis) -> NewRecording {
    let begin = recording.begin_time.saturating_add(video.begin);
    let duration = video.duration.saturating_add(500) / 1_000;
    NewRecording {
        enterprise_id: recording.enterprise_id,
        class_id: recording.class_id,
        user_id: video.user_id.clone(),
        stream_id: recording.task_id.clone(),
        video_id: format!("{}-{}", recording.task_id, video.name),
        video_url: Address::new(composition.key.clone(), video.name.clone()).to_string(),
        video_format: video.format.clone(),
        start_time: seconds(begin),
        stop_time: seconds(begin.saturating_add(video.duration)),
        // Of a track it is where it begins; tracks are put in step by it.
        play_time: video.begin.max(0),
        video_size: video.bytes,
        duration,
        create_time: now,
        video_type: video.video_type,
        file_key: Some(composition.key.as_str().to_owned()),
        recording_id: Some(recording.id),
        task_id: None,
    }
}
