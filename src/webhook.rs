//! Delivery of events: posts what was told, claims what is due, signs and sends it, and settles what came of it. Knows no
//! protocol: a [`Protocol`] says what is sent and what counts as received, an enterprise's for the enterprise itself, and an
//! organization's for its organizations.
//!
//! One thread does it all. What it claims it holds under a lease that it renews, so that a crash gives it back; what it
//! settles takes the token of the lease. `docs/callbacks.md` is the contract with a receiver.

mod attempt;
mod claim;
mod dispatcher;
mod receiver;
mod retention;
mod signature;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use url::Url;

use crate::clock::Millis;
use crate::db::Hearer;
use crate::domain::events::event::Event;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::http::outgoing::{ANSWER_BYTES, Limits, Outgoing};
use crate::jobs::{Context, Worker};
use dispatcher::Dispatcher;
pub use retention::Retention;

/// How deliveries are made.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a whole exchange may take.
    pub timeout: Duration,
    /// How often a delivery that failed is tried again before it is given up.
    pub retries: i64,
    /// How long after a failure.
    pub retry_after: Duration,
    /// How many one receiver gets at once.
    pub connections: usize,
    /// Whether addresses inside networks may be sent to.
    pub allow_private: bool,
}

/// Who is told, and where.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The enterprise, or whose organization it is.
    pub enterprise: Enterprise,
    /// The receiver's address.
    pub url: String,
}

/// What a protocol says of a delivery.
pub trait Protocol: Send + Sync + 'static {
    /// What is sent, signed at this moment.
    ///
    /// # Errors
    /// Why nothing can be.
    fn compose(&self, to: &Destination, event: &Event, now: Millis) -> Result<Message, String>;

    /// Whether the body of an answer with HTTP 2xx says that the event was received.
    ///
    /// # Errors
    /// Why not.
    fn accepts(&self, answer: &[u8]) -> Result<(), String>;
}

/// Which protocol each kind of receiver is told in.
#[derive(Clone)]
pub struct Protocols {
    /// That of enterprises.
    pub enterprise: Arc<dyn Protocol>,
    /// That of organizations.
    pub organization: Arc<dyn Protocol>,
}

impl Protocols {
    /// The one of a receiver.
    fn of(&self, hearer: Hearer) -> &Arc<dyn Protocol> {
        if hearer.organization_id == 0 { &self.enterprise } else { &self.organization }
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where, with what the protocol puts into the query.
    pub url: Url,
    /// JSON.
    pub body: String,
    /// What signs it, not to be shown where a receiver says what it was sent.
    pub sign: String,
}

/// The worker that delivers events.
pub struct Deliveries {
    settings: Settings,
    protocols: Protocols,
    sender: Outgoing,
}

impl Deliveries {
    /// Delivers like this.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn new(settings: Settings, protocols: Protocols) -> std::io::Result<Self> {
        let limits = Limits {
            timeout: settings.timeout,
            // A share is a receiver's: several may be behind one host.
            connections: dispatcher::EXCHANGES,
            allow_private: settings.allow_private,
            answer_bytes: ANSWER_BYTES,
        };
        let sender = Outgoing::new(limits).map_err(std::io::Error::other)?;
        Ok(Self { settings, protocols, sender })
    }
}

impl Worker for Deliveries {
    fn name(&self) -> &'static str {
        "event deliveries"
    }

    // Sending takes as much of a core as it gets, and requests are not to wait for it.
    fn has_own_thread(&self) -> bool {
        true
    }

    // A second for what came of sending to be written down.
    fn drain(&self) -> Duration {
        dispatcher::DRAIN + Duration::from_secs(1)
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        let (settings, protocols, sender) = (self.settings.clone(), self.protocols.clone(), self.sender.clone());
        Dispatcher::new(context, settings, protocols, sender).run().boxed()
    }
}
