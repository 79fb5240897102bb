//! The worker that has videos made of the recordings that are over and of which everything is stored.

use std::time::Duration;

use crate::clock::Millis;
use crate::domain;
use crate::domain::classroom::online_recording;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic};

/// How often to look for them.
const EVERY: Duration = Duration::from_secs(1);
/// How long after its end a recording waits for what instances have not stored, in milliseconds.
const PATIENCE: Millis = 600_000;

/// The worker.
pub(super) struct Collecting;

impl Periodic for Collecting {
    const NAME: &'static str = "collecting recordings";
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        compose(context).await?;
        Ok(Next::After(EVERY))
    }
}

/// Has videos made of the recordings that are over and of which everything is stored.
async fn compose(context: &Context) -> domain::Result<()> {
    let now = context.clock.now();
    let found = context
        .db
        .read(|conn| {
            let mut found = Vec::new();
            for recording in online_recording::collecting(conn)? {
                found.push((online_recording::is_collected(conn, &recording)?, recording));
            }
            Ok::<_, domain::Error>(found)
        })
        .await?;
    for (is_collected, recording) in found {
        let is_late = recording.end_time.is_some_and(|end| end.saturating_add(PATIENCE) <= now);
        if is_late && !is_collected {
            log::error!("a part of recording {} is missing: an instance that recorded it is gone", recording.id);
        }
        if is_collected || is_late {
            let (enterprise_id, id) = (recording.enterprise_id, recording.id);
            context.db.write(move |conn| online_recording::to_compose(conn, enterprise_id, id, now)).await?;
        }
    }
    Ok(())
}
