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
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;
use url::Url;

use crate::clock::{Clock, Millis};
use crate::db::{Db, Hearer};
use crate::domain::events::event::Event;
use crate::domain::tenancy::enterprise::Enterprise;

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
    /// How long settled deliveries and their events are kept.
    pub keep: Duration,
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

/// The running delivery of events.
pub struct Callbacks {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Callbacks {
    /// Starts delivering, as soon as the database is there.
    ///
    /// # Errors
    /// When there is no thread for it, or no TLS.
    pub fn start(db: Db, clock: Clock, settings: Settings, protocols: Protocols) -> std::io::Result<Self> {
        let keep = settings.keep;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let dispatcher = dispatcher::Dispatcher::new(db.clone(), clock.clone(), settings, protocols)
            .map_err(std::io::Error::other)?;
        let (stop, mut stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("lectern-callbacks".into()).spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    () = db.migrated() => {}
                    _ = &mut stopped => return,
                }
                let removing = tokio::spawn(retention::run(db, clock, keep));
                dispatcher.run(stopped).await;
                removing.abort();
            });
        })?;
        Ok(Self { stop, thread })
    }

    /// Lets what is being sent end, for some seconds, and settles it. What is not settled is delivered after the next start.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            log::error!("the delivery of events ended in a panic");
        }
    }
}
