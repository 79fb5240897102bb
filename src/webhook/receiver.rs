//! The state of one endpoint in the dispatcher: its claimed deliveries, and how many may be sent at once.

use std::collections::VecDeque;
use std::sync::Arc;

use super::endpoint::Endpoint;
use crate::clock::Millis;
use crate::store::events::delivery::{Delivery, Outcome};
use crate::store::events::event::Event;

/// How many deliveries are claimed for each connection.
const CLAIM_AHEAD: usize = 8;

/// The state of an endpoint with deliveries.
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent")]
#[derive(Default)]
pub(super) struct Receiver {
    /// The settings at the last claim; `None` if nothing may be sent.
    endpoint: Option<Arc<Endpoint>>,
    /// The last address.
    address: String,
    /// The deliveries that are claimed and not sent yet.
    pub queue: VecDeque<(Delivery, Event)>,
    /// How many deliveries are being sent.
    pub in_flight: usize,
    /// Whether it timed out and has not answered since.
    probing: bool,
    /// Whether the last exchange ended with an answer.
    answers: bool,
    /// Whether more deliveries may be due.
    pub more: bool,
    /// Whether the settings may have changed since the last claim.
    pub stale: bool,
    /// When the next delivery is due that was not due at the last claim.
    pub next_due: Option<Millis>,
}

impl Receiver {
    /// How many deliveries may be sent at once: all connections, but only one after a timeout.
    fn share(&self, connections: usize) -> usize {
        if self.probing { 1 } else { connections }
    }

    /// How many deliveries to claim now; `None` for no claim. A notification during the claim causes another claim.
    pub(super) fn begin_claim(&mut self, connections: usize) -> Option<usize> {
        let room = self.room(connections);
        // Queued deliveries must be sent with the current settings.
        if room == 0 && (!self.stale || self.queue.is_empty()) {
            return None;
        }
        self.more &= room == 0;
        self.stale = false;
        Some(room)
    }

    /// How many deliveries there is room for. For an endpoint that answers this is more than the connections, so that sending does
    /// not wait for the next claim and one transaction claims many.
    fn room(&self, connections: usize) -> usize {
        let held = self.queue.len() + self.in_flight;
        let wanted = match (self.probing, self.answers) {
            (true, _) => 1,
            // The next claim begins when half is left, which must be enough for all connections.
            (false, false) => 2 * connections,
            (false, true) => CLAIM_AHEAD * connections,
        };
        // A transaction for a few more deliveries is not worth its cost.
        if self.more && held <= wanted / 2 { wanted - held } else { 0 }
    }

    /// The next delivery to send, if there is a free connection. Deliveries whose lease has expired are skipped, because another
    /// worker may hold them.
    pub(super) fn next(&mut self, connections: usize, now: Millis) -> Option<(Arc<Endpoint>, Delivery, Event)> {
        let endpoint = self.endpoint.clone()?;
        if self.in_flight >= self.share(connections) {
            return None;
        }
        let (delivery, event) = self.queue.pop_front_if(|(delivery, _)| delivery.lease_until > Some(now))?;
        self.in_flight += 1;
        Some((endpoint, delivery, event))
    }

    /// Records the outcome of an attempt.
    pub(super) fn ended(&mut self, outcome: &Outcome) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.answers = outcome.attempt.status.is_some();
        // A broken connection says nothing about how fast the endpoint answers.
        if self.answers || outcome.timed_out {
            self.probing = outcome.timed_out;
        }
    }

    /// Records a notification: there may be more deliveries or other settings.
    pub(super) fn notify(&mut self) {
        self.more = true;
        self.stale = true;
    }

    /// Sets the settings. Without settings the queue is kept but not sent.
    pub(super) fn set(&mut self, endpoint: Option<Arc<Endpoint>>) {
        self.endpoint = endpoint;
        if let Some(endpoint) = self.endpoint.as_ref().filter(|now| now.url != self.address) {
            // The new address has not timed out.
            self.probing = false;
            self.address.clone_from(&endpoint.url);
        }
    }

    /// Records when the next delivery is due.
    pub(super) fn expect(&mut self, due: Option<Millis>) {
        self.next_due = [self.next_due, due].into_iter().flatten().min();
    }

    /// Marks the endpoint for a claim if its next delivery is due.
    pub(super) fn wake(&mut self, now: Millis) {
        if self.next_due.is_some_and(|due| due <= now) {
            self.next_due = None;
            self.more = true;
        }
    }

    /// Whether the state can be dropped.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.in_flight == 0 && !self.more && !self.probing && self.next_due.is_none()
    }
}
