//! The bodies of callbacks to organizations.

use serde_json::{Value, json};

use super::course::CourseView;
use crate::domain::chat::group::MessageKind;
use crate::domain::events::event::{CreatedCourse, Event, EventPayload};

/// The body of a callback that reports an event. `live` makes the address of the live picture of a new course, `address` the link
/// to a stored file.
pub fn describe(event: &Event, live: &dyn Fn(&CreatedCourse) -> String, address: &dyn Fn(&str) -> String) -> Value {
    let (kind, data) = match &*event.payload {
        EventPayload::ClassBegan { course_id, .. } => ("live_start", json!({ "course_id": course_id })),
        EventPayload::ClassEnded { course_id, .. } => ("live_stop", json!({ "course_id": course_id })),
        EventPayload::CourseCreated { course } => ("create_course", json!(CourseView::at_first(course, live(course)))),
        EventPayload::Said { course_id, name, role, avatar, holds, content } => (
            "im",
            json!({
                "content": if *holds == MessageKind::Image { address(content) } else { content.clone() },
                "name": name,
                "role": role.map_or("", |role| role.as_str()),
                "avatar": avatar,
                "course_id": course_id,
                "type": holds,
            }),
        ),
        // Never published to an organization.
        EventPayload::Joined { .. }
        | EventPayload::Left { .. }
        | EventPayload::NotRecorded { .. }
        | EventPayload::RecordingBegan { .. }
        | EventPayload::RecordingFailed { .. }
        | EventPayload::Recorded { .. }
        | EventPayload::LocallyRecorded(_)
        | EventPayload::Transcoded(_)
        | EventPayload::Test { .. } => ("", json!({})),
    };
    json!({ "type": kind, "data": data })
}
