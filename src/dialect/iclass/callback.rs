//! Event callbacks: what a receiver is sent, and what it answers.

use serde::Serialize;
use serde_json::{Map, Value, json};
use url::Url;
use utoipa::ToSchema;

use super::sign;
use crate::callback::{Destination, Message, Protocol};
use crate::clock::{Millis, seconds};
use crate::domain::event::{Event, Fact};

/// How long the signature of a callback is good, in seconds.
pub(super) const SIGN_SECONDS: i64 = 3_600;

/// `error_code` of a recording that could not be begun; the protocol says only that it is not 0.
const NO_RECORDER: i64 = -1;

/// The protocol's callbacks (chapter 事件回调).
pub struct Callback;

impl Protocol for Callback {
    fn compose(&self, to: &Destination, event: &Event, now: Millis) -> Result<Message, String> {
        let enterprise = &to.enterprise;
        let expire_time = seconds(now).saturating_add(SIGN_SECONDS);
        let sign = sign::sign(&enterprise.tic_key, expire_time);
        let mut url = Url::parse(&to.url).map_err(|e| format!("call_back_url: {e}"))?;
        // Two generations of receivers: one looks for the signature in the query, the other in the body.
        url.query_pairs_mut()
            .append_pair("sdkappid", &enterprise.sdkappid.to_string())
            .append_pair("random", &rand::random::<u32>().to_string())
            .append_pair("expire_time", &expire_time.to_string())
            .append_pair("sign", &sign);
        let body = serde_json::to_string(&sent(event, expire_time, &sign)).map_err(|e| e.to_string())?;
        Ok(Message { url, body, sign })
    }

    fn accepts(&self, answer: &[u8]) -> Result<(), String> {
        // A map, not a struct: into a struct serde would read the array `[0]` too.
        let parsed: Option<Map<String, Value>> = serde_json::from_slice(answer).ok();
        let error_code = parsed.as_ref().and_then(|answer| answer.get("error_code"));
        match error_code {
            None => Err("the answer is not JSON with error_code".to_owned()),
            Some(code) if *code == json!(0) => Ok(()),
            Some(code) => Err(format!("error_code {code}")),
        }
    }
}

/// The body of a callback.
#[derive(Serialize, ToSchema)]
pub(super) struct Sent {
    event: &'static str,
    data: Value,
    expire_time: i64,
    sign: String,
}

/// The body of a callback that tells of an event.
pub(super) fn sent(event: &Event, expire_time: i64, sign: &str) -> Sent {
    let (event, data) = describe(event);
    Sent { event, data, expire_time, sign: sign.to_owned() }
}

/// The name and the data of an event.
pub(super) fn describe(event: &Event) -> (&'static str, Value) {
    let class_id = event.class_id;
    match &*event.fact {
        Fact::ClassBegan { time, .. } => {
            ("class_begin", json!({ "class_id": class_id, "real_start_time": seconds(*time) }))
        }
        Fact::ClassEnded { time, .. } => {
            ("class_over", json!({ "class_id": class_id, "real_stop_time": seconds(*time) }))
        }
        Fact::Joined { user_id, role, time } => (
            "join_class",
            json!({ "class_id": class_id, "join_time": seconds(*time), "user_id": user_id, "role": role }),
        ),
        Fact::Left { user_id, role, time } => (
            "quit_class",
            json!({ "class_id": class_id, "quit_time": seconds(*time), "user_id": user_id, "role": role }),
        ),
        Fact::NotRecorded { time } => (
            "online_record_start",
            json!({
                "error_code": NO_RECORDER,
                "error_msg": "no recorder is configured",
                "class_id": class_id,
                "timestamp": seconds(*time),
            }),
        ),
        Fact::CourseCreated { course } => (
            "create_course",
            json!({
                "course_id": course.course_id,
                "organization_id": course.organization_id,
                "title": course.title,
                "create_time": seconds(course.create_time),
            }),
        ),
        Fact::Said { course_id, name, content, .. } => {
            ("im", json!({ "course_id": course_id, "class_id": class_id, "name": name, "content": content }))
        }
        Fact::Test { time } => ("callback_test", json!({ "timestamp": seconds(*time) })),
    }
}
