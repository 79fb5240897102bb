//! Formats callbacks to organizations: composes them, checks acknowledgements, and shows deliveries to operators.

use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;

use super::callback::describe;
use crate::clock::{Millis, seconds};
use crate::config::live_url;
use crate::domain::events::event::{Attempt, CreatedCourse, Delivery, EndpointId, Event, State};
use crate::domain::ids::OrganizationId;
use crate::state::AppState;
use crate::webhook;
use crate::webhook::{Endpoint, Message};

/// The protocol's callbacks (chapter 回调).
pub struct Formatter {
    /// Has the addresses of files and live pictures. `None` on the command line, where addresses are empty.
    pub service: Option<Arc<AppState>>,
}

impl webhook::Formatter for Formatter {
    fn compose(&self, to: &Endpoint, event: &Event, _: Millis) -> Result<Message, String> {
        let url = Url::parse(&to.url).map_err(|e| format!("callback_url: {e}"))?;
        let address = |stored: &str| {
            self.service.as_ref().map_or_else(String::new, |service| service.address(&to.enterprise, stored))
        };
        let live = |course: &CreatedCourse| {
            let of = |service: &Arc<AppState>| {
                service.live_of_course(&to.enterprise, course.organization_id, course.course_id)
            };
            self.service.as_ref().map_or_else(String::new, of)
        };
        let body = describe(event, &live, &address).to_string();
        // The protocol has no signature. The headers of Standard Webhooks authenticate the body.
        Ok(Message { url, body, sign: String::new() })
    }

    fn acknowledged(&self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn show(&self, delivery: Delivery, event: &Event) -> Value {
        // Addresses with a signature are only for who gets them.
        let live = |course: &CreatedCourse| {
            let of = |service: &Arc<AppState>| {
                live_url(&service.config.media.hls_url, course.organization_id, course.course_id)
            };
            self.service.as_ref().map_or_else(String::new, of)
        };
        let sent = describe(event, &live, &|_| String::new());
        let state = match delivery.state {
            State::Ready | State::Waiting | State::Claimed => "pending",
            State::Delivered => "delivered",
            State::Dead => "dead",
        };
        let organization_id = match delivery.endpoint() {
            EndpointId::Organization(_, organization_id) => organization_id,
            EndpointId::Enterprise(_)
            | EndpointId::DocumentService(_)
            | EndpointId::OnlineRecordings(_)
            | EndpointId::OfflineRecordings(_) => OrganizationId(0),
        };
        json!({
            "delivery_id": delivery.delivery_id,
            "organization_id": organization_id,
            "event_id": event.event_id,
            "sequence": event.sequence,
            "class_id": event.class_id,
            "event": sent.get("type"),
            "data": sent.get("data"),
            "create_time": seconds(event.create_time),
            "state": state,
            "attempts": delivery.attempts,
            "due": if delivery.settled_time.is_none() { seconds(delivery.due) } else { 0 },
            "settled_time": delivery.settled_time.map_or(0, seconds),
        })
    }

    fn show_with_attempts(&self, delivery: Delivery, event: &Event, attempts: Vec<Attempt>) -> Value {
        let mut shown = self.show(delivery, event);
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("attempt_list".into(), attempts.iter().map(show_attempt).collect());
        }
        shown
    }
}

fn show_attempt(attempt: &Attempt) -> Value {
    json!({
        "number": attempt.number,
        "begin_time": seconds(attempt.begin_time),
        "duration": attempt.duration,
        "url": attempt.url,
        "status": attempt.status.unwrap_or(0),
        "answer": attempt.answer,
        "problem": attempt.problem,
    })
}
