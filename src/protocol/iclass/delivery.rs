//! Events and deliveries in the form that enterprises and operators see.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::callback::{Addresses, SIGN_SECONDS, Sent, describe, sent};
use crate::clock::seconds;
use crate::domain::events::event::{Attempt, Delivery, Event, State};

/// Replaces a signature.
const MASK: &str = "********";

#[derive(Serialize, ToSchema)]
pub struct EventRow {
    /// Increases with each event; the value for `after`
    event_id: i64,
    /// The number of the event in its class, from 1; 0 without a class
    sequence: i64,
    /// The class; 0 for none
    class_id: i64,
    /// As in a callback
    event: &'static str,
    /// As in a callback
    data: Value,
    /// In seconds
    create_time: i64,
}

impl EventRow {
    /// An event.
    pub fn new(event: &Event, addresses: Addresses<'_>) -> Self {
        let (name, data) = describe(event, addresses);
        Self {
            event_id: event.event_id.0,
            sequence: event.sequence,
            class_id: event.class_id.column(),
            event: name,
            data,
            create_time: seconds(event.create_time),
        }
    }
}

/// The state of a delivery.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum Progress {
    /// It will be attempted.
    Pending,
    /// The receiver acknowledged it.
    Delivered,
    /// All attempts failed.
    Dead,
}

impl TryFrom<String> for Progress {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "pending" => Ok(Self::Pending),
            "delivered" => Ok(Self::Delivered),
            "dead" => Ok(Self::Dead),
            _ => Err(format!("{word:?} is not pending, delivered or dead")),
        }
    }
}

impl Progress {
    /// The stored states that it stands for.
    pub fn states(self) -> Vec<State> {
        match self {
            Self::Pending => vec![State::Ready, State::Waiting, State::Claimed],
            Self::Delivered => vec![State::Delivered],
            Self::Dead => vec![State::Dead],
        }
    }
}

impl From<State> for Progress {
    fn from(state: State) -> Self {
        match state {
            State::Ready | State::Waiting | State::Claimed => Self::Pending,
            State::Delivered => Self::Delivered,
            State::Dead => Self::Dead,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct DeliveryRow {
    delivery_id: i64,
    #[serde(flatten)]
    event: EventRow,
    state: Progress,
    /// The number of attempts so far
    attempts: i64,
    /// The time of the next attempt, in seconds; 0 for none
    due: i64,
    /// When it became delivered or dead, in seconds; 0 before that
    settled_time: i64,
}

impl DeliveryRow {
    /// A delivery of an event.
    pub fn new(delivery: &Delivery, event: &Event, addresses: Addresses<'_>) -> Self {
        Self {
            delivery_id: delivery.delivery_id.0,
            event: EventRow::new(event, addresses),
            state: delivery.state.into(),
            attempts: delivery.attempts,
            due: if delivery.settled_time.is_none() { seconds(delivery.due) } else { 0 },
            settled_time: delivery.settled_time.map_or(0, seconds),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct DeliveryInfo {
    #[serde(flatten)]
    delivery: DeliveryRow,
    /// The attempts, in order
    attempt_list: Vec<AttemptRow>,
}

#[derive(Serialize, ToSchema)]
struct AttemptRow {
    /// From 1
    number: i64,
    /// In seconds
    begin_time: i64,
    /// In milliseconds
    duration: i64,
    /// The address, without the query
    url: String,
    /// The body that was sent, with a masked signature
    sent: Sent,
    /// The HTTP status of the answer; 0 for no answer
    status: i64,
    /// The beginning of the answer
    answer: String,
    /// Why it failed; empty for a success
    problem: String,
}

impl AttemptRow {
    fn new(event: &Event, addresses: Addresses<'_>, attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            begin_time: seconds(attempt.begin_time),
            duration: attempt.duration,
            url: attempt.url,
            sent: sent(event, addresses, seconds(attempt.begin_time) + SIGN_SECONDS, MASK),
            status: attempt.status.unwrap_or(0),
            answer: attempt.answer,
            problem: attempt.problem,
        }
    }
}

impl DeliveryInfo {
    /// A delivery with its attempts.
    pub fn new(delivery: &Delivery, event: &Event, attempts: Vec<Attempt>, addresses: Addresses<'_>) -> Self {
        let attempt_list = attempts.into_iter().map(|attempt| AttemptRow::new(event, addresses, attempt)).collect();
        Self { delivery: DeliveryRow::new(delivery, event, addresses), attempt_list }
    }
}
