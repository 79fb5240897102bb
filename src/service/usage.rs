//! Counts what enterprises used, day by day, while there is a console that shows it.

use std::time::Duration;

use crate::clock::Millis;
use crate::domain;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::{console, enterprise};
use crate::domain::usage;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic};

/// How soon it is noticed that there is a console.
const CLOSED: Millis = 60_000;

/// The worker that counts. Several instances may count the same; each writes the same numbers.
pub struct Usage {
    /// How long events are kept.
    pub keep_events: Duration,
}

impl Periodic for Usage {
    const NAME: &'static str = "the count of what is used";
    const PAUSE: Duration = Duration::from_mins(1);
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let (db, now) = (&context.db, context.clock.now());
        if !db.read(console::is_open).await? {
            return Ok(Next::At(now.saturating_add(CLOSED)));
        }
        for enterprise in db.read_slow(|conn| Ok::<_, domain::Error>(enterprise::all(conn)?)).await? {
            self.count(context, enterprise, now).await?;
        }
        Ok(Next::At(now.saturating_add(usage::EVERY)))
    }
}

impl Usage {
    /// Counts the days of an enterprise that are due.
    async fn count(&self, context: &Context, enterprise: Enterprise, now: Millis) -> domain::Result<()> {
        let keep = Millis::try_from(self.keep_events.as_millis()).unwrap_or(Millis::MAX);
        let enterprise_id = enterprise.enterprise_id;
        let due = context.db.read(move |conn| usage::due(conn, &enterprise, keep, now)).await?;
        for day in due {
            let counted = context.db.read_slow(move |conn| usage::count(conn, enterprise_id, day, now)).await?;
            let write = move |conn: &mut _| {
                // It may have been deleted meanwhile.
                if enterprise::get(conn, enterprise_id)?.is_some() { usage::write(conn, &counted) } else { Ok(()) }
            };
            context.db.write(write).await?;
        }
        Ok(())
    }
}
