//! What the dispatcher knows of one endpoint: what is claimed for it, and how much may be sent to it at once.

use std::collections::VecDeque;
use std::sync::Arc;

use super::endpoint::Endpoint;
use crate::clock::Millis;
use crate::store::events::delivery::{Claimed, Outcome};

/// How many are claimed for each that may be sent at once.
const CLAIM_AHEAD: usize = 8;

/// An endpoint with deliveries.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, known at another time")]
#[derive(Default)]
pub(super) struct Receiver {
    /// Its settings, as they were at the last claim; `None` while nothing is to be sent.
    endpoint: Option<Arc<Endpoint>>,
    /// Where it was last.
    address: String,
    /// Claimed and not sent yet.
    pub queue: VecDeque<Claimed>,
    /// Being sent.
    pub in_flight: usize,
    /// It timed out and has not answered since.
    probing: bool,
    /// The last exchange ended with an answer.
    answers: bool,
    /// It may have more that is due.
    pub more: bool,
    /// Its settings may be others by now than at the last claim.
    pub stale: bool,
    /// When something is due that was not at the last claim.
    pub next_due: Option<Millis>,
}

impl Receiver {
    /// How many may be sent at once: an endpoint has its share, and one that does not answer in time gets one at a time.
    fn share(&self, connections: usize) -> usize {
        if self.probing { 1 } else { connections }
    }

    /// How many to claim now, if the endpoint is to be looked at. Notified again while the claim is under way, it is looked
    /// at again.
    pub(super) fn begin_claim(&mut self, connections: usize) -> Option<usize> {
        let room = self.room(connections);
        // What is claimed already is to be sent with the settings of now.
        if room == 0 && (!self.stale || self.queue.is_empty()) {
            return None;
        }
        self.more &= room == 0;
        self.stale = false;
        Some(room)
    }

    /// For an endpoint that answers, more than may be sent at once, so that sending need not wait for the next claim and a
    /// transaction claims many.
    fn room(&self, connections: usize) -> usize {
        let held = self.queue.len() + self.in_flight;
        let wanted = match (self.probing, self.answers) {
            (true, _) => 1,
            // At least twice the share, so that half of it, where the next claim begins, is the whole share.
            (false, false) => 2 * connections,
            (false, true) => CLAIM_AHEAD * connections,
        };
        // A claim for a few more is not worth its transaction.
        if self.more && held <= wanted / 2 { wanted - held } else { 0 }
    }

    /// The next one to send, if one more may be. What is no longer held may be with another worker by now.
    pub(super) fn next(&mut self, connections: usize, now: Millis) -> Option<(Arc<Endpoint>, Claimed)> {
        let endpoint = self.endpoint.clone()?;
        if self.in_flight >= self.share(connections) {
            return None;
        }
        let claimed = self.queue.pop_front_if(|claimed| claimed.lease_until > now)?;
        self.in_flight += 1;
        Some((endpoint, claimed))
    }

    /// Notes how an attempt ended.
    pub(super) fn ended(&mut self, outcome: &Outcome) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.answers = outcome.attempt.status.is_some();
        // One that broke off before an answer says nothing of how long an answer takes.
        if self.answers || outcome.timed_out {
            self.probing = outcome.timed_out;
        }
    }

    /// Notes that there is something to look at: more to send, or other settings.
    pub(super) fn notify(&mut self) {
        self.more = true;
        self.stale = true;
    }

    /// Notes the settings. Without any, what is claimed is kept and not sent.
    pub(super) fn set(&mut self, endpoint: Option<Arc<Endpoint>>) {
        self.endpoint = endpoint;
        if let Some(endpoint) = self.endpoint.as_ref().filter(|now| now.url != self.address) {
            // Another address has not timed out.
            self.probing = false;
            self.address.clone_from(&endpoint.url);
        }
    }

    /// Something is due then that was not claimed.
    pub(super) fn expect(&mut self, due: Option<Millis>) {
        self.next_due = [self.next_due, due].into_iter().flatten().min();
    }

    /// Notes that the time has come for what was due later.
    pub(super) fn wake(&mut self, now: Millis) {
        if self.next_due.is_some_and(|due| due <= now) {
            self.next_due = None;
            self.more = true;
        }
    }

    /// Whether nothing needs to be remembered of it.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.in_flight == 0 && !self.more && !self.probing && self.next_due.is_none()
    }
}
