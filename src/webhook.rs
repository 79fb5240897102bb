//! Delivery of events: relays what was published, claims what is due, signs and sends it, and settles the outcome. It knows no
//! protocol: a [`Formatter`] for each kind of endpoint says what is sent and which answer acknowledges it.
//!
//! One thread does it all. It holds what it claims under a lease that it renews, so that a crash releases it; settling takes the
//! token of the lease. `docs/callbacks.md` is the contract with a receiver.

mod attempt;
mod claim;
mod dispatcher;
mod endpoint;
mod receiver;
mod retention;
mod settings;
mod signature;

use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::db::Db;
pub use endpoint::{Endpoint, Formatter, Formatters, Message};
pub use settings::Settings;

/// The running delivery of events.
pub struct Webhooks {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Webhooks {
    /// Starts delivering, as soon as the database is there.
    ///
    /// # Errors
    /// When there is no thread for it, or no TLS.
    pub fn start(db: Db, clock: Clock, settings: Settings, formatters: Formatters) -> std::io::Result<Self> {
        let keep = settings.keep;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let dispatcher = dispatcher::Dispatcher::new(db.clone(), clock.clone(), settings, formatters)
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
