//! Callbacks: what the receiver of an organization is sent, and what it answers.

use serde_json::{Value, json};
use url::Url;

use super::course::CourseView;
use crate::clock::Millis;
use crate::domain::events::event::{Event, EventPayload};
use crate::webhook::{Destination, Message, Protocol};

/// The protocol's callbacks (chapter 回调).
pub struct Callback {
    /// What the addresses of the live pictures of courses begin with; empty for none.
    pub hls_url: String,
}

impl Protocol for Callback {
    fn compose(&self, to: &Destination, event: &Event, _: Millis) -> Result<Message, String> {
        let url = Url::parse(&to.url).map_err(|e| format!("callback_url: {e}"))?;
        let body = describe(event, &self.hls_url).to_string();
        // The document has no signature: the headers of Standard Webhooks prove the body.
        Ok(Message { url, body, sign: String::new() })
    }

    fn accepts(&self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
}

/// The body of a callback that tells of an event.
pub fn describe(event: &Event, hls_url: &str) -> Value {
    let (kind, data) = match &*event.fact {
        EventPayload::ClassBegan { course_id, .. } => ("live_start", json!({ "course_id": course_id })),
        EventPayload::ClassEnded { course_id, .. } => ("live_stop", json!({ "course_id": course_id })),
        EventPayload::CourseCreated { course } => ("create_course", json!(CourseView::at_first(course, hls_url))),
        EventPayload::Said { course_id, name, role, avatar, holds, content } => (
            "im",
            json!({
                "content": content,
                "name": name,
                "role": role.map_or("", |role| role.as_str()),
                "avatar": avatar,
                "course_id": course_id,
                "type": holds,
            }),
        ),
        // Never told to an organization.
        EventPayload::Joined { .. }
        | EventPayload::Left { .. }
        | EventPayload::NotRecorded { .. }
        | EventPayload::Recorded { .. }
        | EventPayload::Transcoded(_)
        | EventPayload::Test { .. } => ("", json!({})),
    };
    json!({ "type": kind, "data": data })
}
