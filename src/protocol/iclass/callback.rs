//! The bodies of event callbacks (chapter 事件回调).

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::conversion::{conversion_code, message};
use super::transcode::resolution;
use crate::clock::seconds;
use crate::domain::chat::group::MessageKind;
use crate::domain::classroom::online_recording::NotRecordedReason;
use crate::domain::content::conversion::{ConversionStatus, Service};
use crate::domain::events::event::{Event, EventPayload, LocalRecording, Video};
use crate::domain::ids::ClassId;

/// How long the signature of a callback is valid, in seconds.
pub(super) const SIGN_SECONDS: i64 = 3_600;

/// `error_code` of a recording of which there is no video. The protocol only requires that it is not 0.
const NO_VIDEO: i64 = -1;

/// `record_type` of what a component recorded itself.
pub(super) const LOCAL_RECORD: &str = "local_record";

/// Converts the stored address of a file to one that a client can fetch.
pub(super) type Addresses<'a> = &'a dyn Fn(&str) -> String;

/// The body of a callback.
#[derive(Serialize, ToSchema)]
pub(super) struct Sent {
    event: &'static str,
    data: Value,
    expire_time: i64,
    sign: String,
    /// A copy of `data` for a task of the document service, whose receivers expect it here.
    #[serde(flatten)]
    #[schema(ignore)]
    task: Map<String, Value>,
}

/// The body of a callback that reports an event.
pub(super) fn sent(event: &Event, addresses: Addresses<'_>, expire_time: i64, sign: &str) -> Sent {
    let (name, data) = describe(event, addresses);
    let is_task = matches!(&*event.payload, EventPayload::Transcoded(status) if status.service != Service::Document);
    let task = data.as_object().filter(|_| is_task).cloned().unwrap_or_default();
    Sent { event: name, data, expire_time, sign: sign.to_owned(), task }
}

/// The name and the data of an event.
pub(super) fn describe(event: &Event, addresses: Addresses<'_>) -> (&'static str, Value) {
    let class_id = event.class_id;
    match &*event.payload {
        EventPayload::ClassBegan { time, .. } => {
            ("class_begin", json!({ "class_id": class_id, "real_start_time": seconds(*time) }))
        }
        EventPayload::ClassEnded { time, .. } => {
            ("class_over", json!({ "class_id": class_id, "real_stop_time": seconds(*time) }))
        }
        EventPayload::Joined { user_id, role, time } => (
            "join_class",
            json!({ "class_id": class_id, "join_time": seconds(*time), "user_id": user_id, "role": role }),
        ),
        EventPayload::Left { user_id, role, time } => (
            "quit_class",
            json!({ "class_id": class_id, "quit_time": seconds(*time), "user_id": user_id, "role": role }),
        ),
        EventPayload::RecordingBegan { time, .. } => (
            "online_record_start",
            json!({ "error_code": 0, "error_msg": "", "class_id": class_id, "timestamp": seconds(*time) }),
        ),
        EventPayload::NotRecorded { time, reason } => (
            "online_record_start",
            json!({
                "error_code": not_recorded(*reason).0,
                "error_msg": not_recorded(*reason).1,
                "class_id": class_id,
                "timestamp": seconds(*time),
            }),
        ),
        EventPayload::CourseCreated { course } => (
            "create_course",
            json!({
                "course_id": course.course_id,
                "organization_id": course.organization_id,
                "title": course.title,
                "create_time": seconds(course.create_time),
            }),
        ),
        EventPayload::Said { course_id, name, content, holds, .. } => {
            let content = if *holds == MessageKind::Image { &addresses(content) } else { content };
            ("im", json!({ "course_id": course_id, "class_id": class_id, "name": name, "content": content }))
        }
        EventPayload::Transcoded(status) => ("transport_progress", progress(status, addresses)),
        EventPayload::Recorded { begin, end, videos, message, time, .. } => (
            "online_record_stop",
            json!({
                "error_code": 0,
                "error_msg": message,
                "timestamp": seconds(*time),
                "start_time": begin,
                "stop_time": end,
                "class_id": class_id,
                "video_info": videos.iter().map(|video| video_info(video, addresses)).collect::<Vec<_>>(),
            }),
        ),
        EventPayload::RecordingFailed { begin, end, message, time, .. } => (
            "online_record_stop",
            json!({
                "error_code": NO_VIDEO,
                "error_msg": message,
                "timestamp": seconds(*time),
                "start_time": begin,
                "stop_time": end,
                "class_id": class_id,
                "video_info": [],
            }),
        ),
        EventPayload::LocallyRecorded(recording) => {
            ("local_record_callback", json!({ "record_info": record_info(class_id.0, recording, addresses) }))
        }
        EventPayload::Test { time } => ("callback_test", json!({ "timestamp": seconds(*time) })),
    }
}

/// `error_code` and `error_msg` of a recording that could not be started. The protocol only requires that the code is not 0.
fn not_recorded(reason: NotRecordedReason) -> (i64, &'static str) {
    match reason {
        NotRecordedReason::Off | NotRecordedReason::NotBegun => (-1, "no recorder is configured"),
        NotRecordedReason::NoRoom => (-2, "there is no room on the disk for recordings"),
        NotRecordedReason::Quota => (-3, "the enterprise keeps as many recordings as it may"),
    }
}

/// Callback 5, with additional fields that name the document or task.
fn progress(status: &ConversionStatus, addresses: Addresses<'_>) -> Value {
    let url = addresses(&status.result);
    let data = json!({
        "error_code": conversion_code(status.failure),
        "error_msg": message(status.failure, &status.message),
        "timestamp": seconds(status.time),
        "status": status.state,
        "progress": status.progress,
        "h5_url": url,
        "resolution": resolution(status),
        "pages": status.pages,
        "title": status.title,
    });
    let which = match &status.doc_id {
        Some(doc_id) => json!({ "doc_id": doc_id }),
        None => json!({ "task_id": status.task_id, "task_type": status.service, "result_url": url }),
    };
    [data, which].into_iter().filter_map(|part| part.as_object().cloned()).flatten().collect()
}

/// What a component recorded itself: `local_record_callback` of the later revision of the document, with `task_id` added.
fn record_info(class_id: Option<ClassId>, recording: &LocalRecording, addresses: Addresses<'_>) -> Value {
    let video = &recording.video;
    json!({
        "sdkappid": recording.sdkappid,
        "class_id": class_id,
        "class_topic": recording.class_topic,
        "teacher_id": recording.teacher_id,
        "assistant_id": recording.assistant_id,
        "start_time": recording.begin,
        "stop_time": recording.end,
        "class_start_time": recording.class_begin,
        "class_stop_time": recording.class_end,
        "user_id": video.user_id,
        "record_type": LOCAL_RECORD,
        "file_id": video.video_id,
        "file_format": video.video_format,
        "file_size": video.size,
        "file_url": addresses(&video.video_url),
        "duration": video.duration,
        "task_id": recording.task_id,
    })
}

fn video_info(video: &Video, addresses: Addresses<'_>) -> Value {
    json!({
        "video_play_time": video.play_time,
        "video_size": video.size,
        "video_format": video.video_format,
        "video_duration": video.duration,
        "video_url": addresses(&video.video_url),
        "video_id": video.video_id,
        "video_type": video.video_type,
        "user_id": video.user_id,
    })
}
