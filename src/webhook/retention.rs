//! Removes what is older than it has to be kept, a little at a time, so that no other write waits for it.

use std::time::Duration;

use crate::clock::{Clock, Millis};
use crate::db::{Db, Error};
use crate::store::events::event;

const EVERY: Millis = 3_600_000;
const AT_ONCE: i64 = 500;

/// Removes at the start and every hour.
pub(super) async fn run(db: Db, clock: Clock, keep: Duration) {
    let keep = Millis::try_from(keep.as_millis()).unwrap_or(Millis::MAX);
    loop {
        let now = clock.now();
        match remove(&db, now.saturating_sub(keep)).await {
            Ok(0) => {}
            Ok(removed) => log::info!("removed {removed} old events with their deliveries"),
            Err(e) => log::error!("old events could not be removed: {e}"),
        }
        clock.sleep_until(Some(now.saturating_add(EVERY))).await;
    }
}

async fn remove(db: &Db, before: Millis) -> Result<usize, Error> {
    let (mut removed, mut after) = (0, 0);
    loop {
        let old = db.read_slow(move |conn| Ok::<_, Error>(event::oldest(conn, after, AT_ONCE)?)).await?;
        let old: Vec<i64> =
            old.into_iter().take_while(|(_, time)| *time < before).map(|(event_id, _)| event_id).collect();
        let Some(last) = old.last() else { return Ok(removed) };
        // What is not settled stays, and is passed by.
        after = *last;
        removed += db.write(move |conn| Ok::<_, Error>(event::forget(conn, &old)?)).await?;
    }
}
