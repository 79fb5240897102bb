//! The worker that stores heartbeats, and ends sessions and classes.

use std::sync::Arc;

use super::tracker::Presence;
use crate::clock::Millis;
use crate::domain::Error;
use crate::domain::classroom::session;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic, Worker, periodic};

/// How often it runs. An instance also waits this long before it ends a session, because another one may have a heartbeat of it.
const EVERY: Millis = session::GRACE;

/// The worker. When it stops, it stores the heartbeats that are in memory.
#[must_use]
pub fn keep_presence(presence: Arc<Presence>) -> Box<dyn Worker> {
    periodic(Keeper(presence))
}

struct Keeper(Arc<Presence>);

impl Periodic for Keeper {
    const NAME: &'static str = "presence";
    const AT_STOP: AtStop = AtStop::Finish;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let now = context.clock.now();
        self.0.work(&context.db, now).await.map_err(cause)?;
        Ok(Next::At(now.saturating_add(EVERY)))
    }

    async fn finish(&self, context: &Context) -> Result<(), Failure> {
        self.0.write_down(&context.db, context.clock.now()).await.map_err(cause)
    }
}

/// The error of the database, for the log.
pub(super) fn cause(error: Error) -> Failure {
    match error {
        Error::Database(cause) => cause.into(),
        other => other.into(),
    }
}
