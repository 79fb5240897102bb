//! The presence of participants as one process knows it: records heartbeats, ends sessions and classes.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::heartbeats::{Heartbeats, Source};
use crate::clock::Millis;
use crate::db::Db;
use crate::domain::Result;
use crate::domain::classroom::class;
use crate::domain::classroom::class::Cutoffs;
use crate::domain::classroom::session;
use crate::domain::classroom::session::Component;
use crate::domain::ids::{ClassId, EnterpriseId};

/// How many heartbeat intervals a session stays open after a heartbeat.
const INTERVALS: Millis = 3;
/// How many heartbeats are stored in one transaction.
const AT_ONCE: usize = 500;
/// How many sessions or classes are read at a time.
const ROWS_AT_ONCE: i64 = 100;
/// How long a class must be empty after its time before it ends. Somebody may be reloading the page.
const EMPTY_FOR: Millis = 30_000;
/// How long a class that began after its time goes on at least.
const LATE_FOR: Millis = 600_000;
/// How often to look for classes that must end.
const LOOK_FOR_CLASSES_EVERY: Millis = 10_000;

/// The settings of presence.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The heartbeat interval of components.
    pub heartbeat: Duration,
    /// How long after its `stop_time` a class ends even with participants inside.
    pub overrun: Duration,
}

/// The presence of participants as one process knows it.
pub struct Presence {
    interval: Millis,
    overrun: Millis,
    heartbeats: Heartbeats,
    /// The earliest time to end sessions. While no process ran, no heartbeat could arrive, so components get one interval first.
    sweep_from: Millis,
    /// When to look for classes next.
    classes_from: AtomicI64,
}

impl Presence {
    /// A tracker without any session.
    #[must_use]
    pub fn new(settings: Settings, now: Millis) -> Self {
        let interval = millis(settings.heartbeat);
        Self {
            interval,
            overrun: millis(settings.overrun),
            heartbeats: Heartbeats::default(),
            sweep_from: now.saturating_add(interval),
            classes_from: AtomicI64::new(Millis::MIN),
        }
    }

    /// How long a session stays open after a heartbeat, unless the protocol sets another time.
    #[must_use]
    pub fn lease(&self) -> Millis {
        self.interval.saturating_mul(INTERVALS)
    }

    /// How many sessions send their heartbeats to this process.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.heartbeats.len()
    }

    /// Records a heartbeat of a component in a class. The first one of a session reads the database; the others only change memory.
    ///
    /// # Errors
    /// [`Error::DeadToken`](crate::domain::Error::DeadToken), [`Error::NotInside`](crate::domain::Error::NotInside).
    pub async fn heartbeat(
        &self,
        db: &Db,
        enterprise_id: EnterpriseId,
        class_id: ClassId,
        component: Component,
        now: Millis,
    ) -> Result<()> {
        let (token_hash, user_id) = (component.token_hash.as_str(), Some(component.user_id.as_str()));
        if self.heartbeats.take(Source { enterprise_id, class_id, token_hash, user_id }, now) {
            return Ok(());
        }
        let shown = component.clone();
        let alive = db.read(move |conn| session::alive(conn, enterprise_id, class_id, &shown, now)).await?;
        if alive.lapsed {
            let shown = component.clone();
            db.write(move |conn| session::revive(conn, enterprise_id, class_id, &shown, now)).await?;
        }
        self.heartbeats.insert(enterprise_id, class_id, component, alive.last_seen, now);
        Ok(())
    }

    /// Records a heartbeat that has only a token, if its session is in memory. Returns whether it was recorded.
    pub fn heartbeat_of_token(
        &self,
        enterprise_id: EnterpriseId,
        class_id: ClassId,
        token_hash: &str,
        now: Millis,
    ) -> bool {
        self.heartbeats.take(Source { enterprise_id, class_id, token_hash, user_id: None }, now)
    }

    /// Forgets a component that joined or left a class. Its next heartbeat there reads the database.
    pub fn forget(&self, class_id: ClassId, token_hash: &str) {
        self.heartbeats.remove(class_id, token_hash);
    }

    /// Forgets components whose tokens were revoked.
    pub fn forget_all(&self, token_hashes: &[String]) {
        for token_hash in token_hashes {
            self.heartbeats.remove_all(token_hash);
        }
    }

    /// Stores the heartbeats, then ends the sessions and classes that must end.
    ///
    /// # Errors
    /// Only those of the database. The next call does the rest.
    pub async fn work(&self, db: &Db, now: Millis) -> Result<()> {
        // First, because a session must not end while its heartbeat is only in memory.
        self.write_down(db, now).await?;
        if now >= self.sweep_from {
            sweep(db, now).await?;
        }
        let from = self.classes_from.load(Ordering::Relaxed);
        // A time that is further away was set before the clock was set back.
        if now >= from || now < from.saturating_sub(LOOK_FOR_CLASSES_EVERY) {
            self.end_classes(db, now).await?;
            self.classes_from.store(now.saturating_add(LOOK_FOR_CLASSES_EVERY), Ordering::Relaxed);
        }
        Ok(())
    }

    /// Stores the heartbeats that are only in memory.
    ///
    /// # Errors
    /// Only those of the database. The heartbeats that were not stored stay in memory.
    pub async fn write_down(&self, db: &Db, now: Millis) -> Result<()> {
        let unwritten = self.heartbeats.unwritten(now);
        for some in unwritten.chunks(AT_ONCE) {
            let rows = some.to_vec();
            let open = db.write(move |conn| session::record(conn, &rows)).await?;
            self.heartbeats.written(some, &open);
        }
        Ok(())
    }

    async fn end_classes(&self, db: &Db, now: Millis) -> Result<()> {
        let cutoffs = Cutoffs {
            over: now,
            empty_since: now.saturating_sub(EMPTY_FOR),
            overrun: now.saturating_sub(self.overrun),
            begun_late: now.saturating_sub(LATE_FOR),
            // While no process ran, no heartbeat could arrive.
            silent: if now < self.sweep_from { Millis::MIN } else { now.saturating_sub(session::GRACE) },
        };
        loop {
            let due = db.read_slow(move |conn| class::due(conn, cutoffs, ROWS_AT_ONCE)).await?;
            let mut ended = 0;
            for (enterprise_id, class_id) in due {
                let end = move |conn: &mut _| class::end_by_itself(conn, enterprise_id, class_id, cutoffs, now);
                if let Some(reason) = db.write(end).await? {
                    log::info!("class {class_id} ended automatically: {reason}");
                    ended += 1;
                }
            }
            if ended == 0 {
                return Ok(());
            }
        }
    }
}

/// Ends the sessions without heartbeats, one class at a time.
async fn sweep(db: &Db, now: Millis) -> Result<()> {
    loop {
        let overdue = db.read_slow(move |conn| session::overdue(conn, now, ROWS_AT_ONCE)).await?;
        let mut classes: Vec<(EnterpriseId, ClassId)> =
            overdue.iter().map(|session| (session.enterprise_id, session.class_id)).collect();
        classes.sort_unstable();
        classes.dedup();
        let mut ended = 0;
        for (enterprise_id, class_id) in classes {
            let sweep = move |conn: &mut _| session::sweep(conn, enterprise_id, class_id, ROWS_AT_ONCE, now);
            ended += db.write(sweep).await?;
        }
        if ended == 0 {
            return Ok(());
        }
        log::info!("ended {ended} sessions without heartbeats");
    }
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
