//! The worker that ends questions and check-ins at their time limits.

use std::time::Duration;

use super::worker::cause;
use crate::domain::classroom::deadline;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic, Worker, periodic};

/// How often it looks. The components count down themselves; this is for those that don't.
const EVERY: Duration = Duration::from_secs(1);
/// How many are ended in one step.
const AT_ONCE: i64 = 100;

/// The worker.
#[must_use]
pub fn keep_deadlines() -> Box<dyn Worker> {
    periodic(Deadlines)
}

struct Deadlines;

impl Periodic for Deadlines {
    const NAME: &'static str = "time limits of questions and check-ins";
    const AT_STOP: AtStop = AtStop::Finish;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let now = context.clock.now();
        let due = context.db.read(move |conn| deadline::due(conn, now, AT_ONCE)).await.map_err(cause)?;
        for one in due {
            context.db.write(move |conn| deadline::pass(conn, &one, now)).await.map_err(cause)?;
        }
        Ok(Next::After(EVERY))
    }
}
