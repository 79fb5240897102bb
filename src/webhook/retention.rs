//! Removes events after their retention time, a few in each transaction, so that other writes do not wait long.

use std::time::Duration;

use crate::clock::Millis;
use crate::db::{Db, Error};
use crate::jobs::{AtStop, Context, Failure, Next, Periodic};
use crate::store::events::event;
use crate::store::ids::EventId;

const EVERY: Millis = 3_600_000;
const AT_ONCE: i64 = 500;

/// The worker that removes old events, at the start and every hour.
pub struct Retention {
    /// How long settled deliveries and their events are kept.
    pub keep: Duration,
}

impl Periodic for Retention {
    const NAME: &'static str = "removal of old events";
    const PAUSE: Duration = Duration::from_mins(1);
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let now = context.clock.now();
        let keep = Millis::try_from(self.keep.as_millis()).unwrap_or(Millis::MAX);
        let removed = remove(&context.db, now.saturating_sub(keep)).await?;
        if removed > 0 {
            log::info!("removed {removed} old events with their deliveries");
        }
        Ok(Next::At(now.saturating_add(EVERY)))
    }
}

async fn remove(db: &Db, before: Millis) -> Result<usize, Error> {
    let (mut removed, mut after) = (0, EventId(0));
    loop {
        let old = db.read_slow(move |conn| Ok::<_, Error>(event::oldest(conn, after, AT_ONCE)?)).await?;
        let old: Vec<EventId> =
            old.into_iter().take_while(|(_, time)| *time < before).map(|(event_id, _)| event_id).collect();
        let Some(last) = old.last() else { return Ok(removed) };
        // Skip events with deliveries that are not settled.
        after = *last;
        removed += db.write(move |conn| Ok::<_, Error>(event::forget(conn, &old)?)).await?;
    }
}
