//! The bodies of event callbacks (chapter 事件回调).

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::conversion::{conversion_code, message};
use super::transcode::resolution;
use crate::clock::seconds;
use crate::domain::chat::group::MessageKind;
use crate::domain::content::conversion::{ConversionStatus, Service};
use crate::domain::events::event::{Event, EventPayload, Video};

/// How long the signature of a callback is valid, in seconds.
pub(super) const SIGN_SECONDS: i64 = 3_600;

/// `error_code` of a recording that could not be started. The protocol only requires that it is not 0.
const NO_RECORDER: i64 = -1;

/// `video_type` of a camera. Recorders report no other type.
const CAMERA: i64 = 0;

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
        EventPayload::NotRecorded { time } => (
            "online_record_start",
            json!({
                "error_code": NO_RECORDER,
                "error_msg": "no recorder is configured",
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
        EventPayload::Recorded { begin, end, videos, time } => (
            "online_record_stop",
            json!({
                "error_code": 0,
                "error_msg": "",
                "timestamp": seconds(*time),
                "start_time": begin,
                "stop_time": end,
                "class_id": class_id,
                "video_info": videos.iter().map(video_info).collect::<Vec<_>>(),
            }),
        ),
        EventPayload::Test { time } => ("callback_test", json!({ "timestamp": seconds(*time) })),
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

fn video_info(video: &Video) -> Value {
    json!({
        "video_play_time": video.play_time,
        "video_size": video.size,
        "video_format": video.video_format,
        "video_duration": video.duration,
        "video_url": video.video_url,
        "video_id": video.video_id,
        "video_type": CAMERA,
        "user_id": video.user_id,
    })
}
