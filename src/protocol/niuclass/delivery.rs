//! Deliveries to organizations, as operators see them.

use serde_json::{Value, json};

use super::callback::describe;
use crate::clock::seconds;
use crate::db::Conn;
use crate::domain;
use crate::domain::events::event;
use crate::domain::events::event::{Attempt, Delivery, Event, State};

/// A delivery.
#[must_use]
pub fn show_delivery_row((delivery, event): &(Delivery, Event)) -> Value {
    let sent = describe(event, "");
    let state = match delivery.state {
        State::Ready | State::Waiting | State::Claimed => "pending",
        State::Delivered => "delivered",
        State::Dead => "dead",
    };
    json!({
        "delivery_id": delivery.delivery_id,
        "organization_id": delivery.organization_id,
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

/// A delivery with every try.
///
/// # Errors
/// As [`event::require`].
pub fn show_delivery(conn: &mut Conn, enterprise_id: i64, delivery_id: i64) -> domain::Result<Value> {
    let (delivery, event, attempts) = event::require(conn, enterprise_id, delivery_id)?;
    let mut shown = show_delivery_row(&(delivery, event));
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("attempt_list".into(), attempts.iter().map(show_attempt).collect());
    }
    Ok(shown)
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
