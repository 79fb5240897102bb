//! A delivery as the list and its own page show it.

use serde_json::Value;

use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::console::words::{Words, fill};
use crate::domain::events::event::{Delivery, EndpointId, Event, LastAttempt, State};
use crate::webhook::Formatters;

/// A row of the list.
pub(super) struct Row {
    pub(super) delivery_id: i64,
    pub(super) event: String,
    pub(super) class: String,
    pub(super) time: Moment,
    pub(super) state: StateView,
    pub(super) attempts: i64,
    /// The result of the last attempt.
    pub(super) result: String,
}

/// A state with the style that it is shown with.
pub(super) struct StateView {
    pub(super) label: &'static str,
    pub(super) style: &'static str,
}

impl StateView {
    pub(super) fn new(state: State, words: &Words) -> Self {
        let (label, style) = match state {
            State::Ready | State::Waiting | State::Claimed => (words.pending, "waiting"),
            State::Delivered => (words.delivered, "good"),
            State::Dead => (words.dead, "bad"),
        };
        Self { label, style }
    }
}

impl Row {
    /// A row, with the last attempt if there was one.
    pub(super) fn new(
        (delivery, event): (Delivery, Event),
        last: Option<&LastAttempt>,
        formatters: &Formatters,
        words: &Words,
    ) -> Self {
        let result = match last {
            Some(last) if last.problem.is_empty() => words.acknowledged.to_owned(),
            Some(last) => last.problem.clone(),
            None => words.not_tried.to_owned(),
        };
        Self {
            delivery_id: delivery.delivery_id.0,
            class: class(&event),
            time: Moment(event.create_time),
            state: StateView::new(delivery.state, words),
            attempts: delivery.attempts,
            result,
            event: name(&shown(delivery, &event, formatters)),
        }
    }
}

/// The path of the list of an enterprise.
pub(super) fn base(signed: &Signed, sdkappid: i64) -> String {
    format!("{}/e/{sdkappid}/deliveries", signed.root)
}

/// A delivery in the form of the protocol of its receiver.
fn shown(delivery: Delivery, event: &Event, formatters: &Formatters) -> Value {
    formatters.get(delivery.endpoint().kind()).map_or(Value::Null, |formatter| formatter.show(delivery, event))
}

/// The name that the event has on the wire.
pub(super) fn name(shown: &Value) -> String {
    shown.get("event").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The class of an event; empty for none.
pub(super) fn class(event: &Event) -> String {
    event.class_id.0.map_or_else(String::new, |class_id| class_id.to_string())
}

/// Who receives a delivery.
pub(super) fn endpoint(delivery: &Delivery, words: &Words) -> String {
    match delivery.endpoint() {
        EndpointId::Enterprise(_) => words.endpoint_enterprise.into(),
        EndpointId::DocumentService(_) => words.endpoint_documents.into(),
        EndpointId::OnlineRecordings(_) | EndpointId::OfflineRecordings(_) => words.endpoint_recordings.into(),
        EndpointId::Organization(_, id) => fill(words.endpoint_organization, &[&id.to_string()]),
    }
}
