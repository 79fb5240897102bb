//! The worker that ends the accounts of visitors, a day after their class.

use crate::clock::Millis;
use crate::db::Db;
use crate::domain::Result;
use crate::domain::classroom::visitor;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic, Worker, periodic};

/// How often it runs.
const EVERY: Millis = 60_000;
/// How many accounts end in one transaction.
const AT_ONCE: i64 = 100;

/// The worker.
#[must_use]
pub fn end_visitors() -> Box<dyn Worker> {
    periodic(Visitors)
}

struct Visitors;

impl Periodic for Visitors {
    const NAME: &'static str = "end of visitors' accounts";
    const AT_STOP: AtStop = AtStop::Finish;

    async fn step(&self, context: &Context) -> std::result::Result<Next, Failure> {
        let now = context.clock.now();
        let ended = end_due(&context.db, now).await?;
        if ended > 0 {
            log::info!("ended the accounts of {ended} visitors");
        }
        Ok(Next::At(now.saturating_add(EVERY)))
    }
}

/// Ends the accounts that are due. Returns their number.
///
/// # Errors
/// Only those of the database. The next call does the rest.
pub async fn end_due(db: &Db, now: Millis) -> Result<usize> {
    let mut ended = 0;
    loop {
        let due = db.read_slow(move |conn| visitor::due(conn, now, AT_ONCE)).await?;
        if due.is_empty() {
            return Ok(ended);
        }
        ended += due.len();
        db.write(move |conn| visitor::end(conn, &due, now)).await?;
    }
}
