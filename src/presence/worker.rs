//! The worker that keeps presence.

use std::sync::Arc;

use super::tracker::Presence;
use crate::clock::Millis;
use crate::domain::Error;
use crate::domain::classroom::session;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic, Worker, periodic};

/// How often the work is done. An instance waits as long before it ends a session: another one may have had a heartbeat of it.
const EVERY: Millis = session::GRACE;

/// Keeps presence, and writes down what is in memory when it stops.
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

/// For the log, what the database said.
fn cause(error: Error) -> Failure {
    match error {
        Error::Database(cause) => cause.into(),
        other => other.into(),
    }
}
