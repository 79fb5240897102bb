//! What one process knows of who is inside, and what it does with it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::heartbeats::{Beat, Heartbeats};
use crate::clock::Millis;
use crate::db::Db;
use crate::domain::Result;
use crate::domain::classroom::class;
use crate::domain::classroom::class::Cutoffs;
use crate::domain::classroom::session;
use crate::domain::classroom::session::Component;

/// How many intervals a session lasts after a heartbeat.
const INTERVALS: Millis = 3;
/// How many heartbeats are written in one transaction.
const AT_ONCE: usize = 500;
/// How many sessions, or classes, are looked for at a time.
const ROWS_AT_ONCE: i64 = 100;
/// How long a class whose time is over stays open while it is empty: somebody may be loading the page again.
const EMPTY_FOR: Millis = 30_000;
/// How often classes are looked for that have to end.
const LOOK_FOR_CLASSES_EVERY: Millis = 10_000;

/// How presence is kept.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often components are asked for a heartbeat.
    pub heartbeat: Duration,
    /// How long after its time a class ends, even when somebody is inside.
    pub overrun: Duration,
}

/// What one process knows of who is inside.
pub struct Presence {
    interval: Millis,
    overrun: Millis,
    heartbeats: Heartbeats,
    /// When sessions may first be ended: components that were silent only because no process ran get an interval for a heartbeat.
    sweep_from: Millis,
    /// When classes are looked for next.
    classes_from: AtomicI64,
}

impl Presence {
    /// Knows of nobody yet.
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

    /// How long a session lasts after a heartbeat, where the protocol has no time of its own.
    #[must_use]
    pub fn lease(&self) -> Millis {
        self.interval.saturating_mul(INTERVALS)
    }

    /// Takes a heartbeat of a component in a class. The first of a session reads the database, the others touch memory alone.
    ///
    /// # Errors
    /// [`Error::DeadToken`], [`Error::NotInside`].
    pub async fn beat(
        &self,
        db: &Db,
        enterprise_id: i64,
        class_id: i64,
        component: Component,
        now: Millis,
    ) -> Result<()> {
        let (token_hash, user_id) = (component.token_hash.as_str(), Some(component.user_id.as_str()));
        if self.heartbeats.take(Beat { enterprise_id, class_id, token_hash, user_id }, now) {
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

    /// Takes a heartbeat that comes with a token alone, if its session is in memory; says whether it is.
    pub fn hear(&self, enterprise_id: i64, class_id: i64, token_hash: &str, now: Millis) -> bool {
        self.heartbeats.take(Beat { enterprise_id, class_id, token_hash, user_id: None }, now)
    }

    /// Forgets a component that entered a class or left it: its next heartbeat there reads the database.
    pub fn forget(&self, class_id: i64, token_hash: &str) {
        self.heartbeats.remove(class_id, token_hash);
    }

    /// Forgets components whose tokens have ended.
    pub fn forget_all(&self, token_hashes: &[String]) {
        for token_hash in token_hashes {
            self.heartbeats.remove_all(token_hash);
        }
    }

    /// Writes down the heartbeats, then ends the sessions and classes that have to end.
    ///
    /// # Errors
    /// Only the database's; the rest is then done the next time.
    pub async fn work(&self, db: &Db, now: Millis) -> Result<()> {
        // First: a session must not be ended while its heartbeat is in memory alone.
        self.write_down(db, now).await?;
        if now >= self.sweep_from {
            sweep(db, now).await?;
        }
        if now >= self.classes_from.load(Ordering::Relaxed) {
            self.end_classes(db, now).await?;
            self.classes_from.store(now.saturating_add(LOOK_FOR_CLASSES_EVERY), Ordering::Relaxed);
        }
        Ok(())
    }

    /// Writes down the heartbeats that are in memory alone.
    ///
    /// # Errors
    /// Only the database's; what was not written stays in memory.
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
            // Nobody could send a heartbeat while no process ran.
            silent: if now < self.sweep_from { Millis::MIN } else { now.saturating_sub(session::GRACE) },
        };
        loop {
            let due = db.read_slow(move |conn| class::due(conn, cutoffs, ROWS_AT_ONCE)).await?;
            let mut ended = 0;
            for (enterprise_id, class_id) in due {
                let end = move |conn: &mut _| class::end_by_itself(conn, enterprise_id, class_id, cutoffs, now);
                if let Some(reason) = db.write(end).await? {
                    log::info!("class {class_id} ended by itself: {reason}");
                    ended += 1;
                }
            }
            if ended == 0 {
                return Ok(());
            }
        }
    }
}

/// Ends the sessions of components that fell silent, a class at a time.
async fn sweep(db: &Db, now: Millis) -> Result<()> {
    loop {
        let overdue = db.read_slow(move |conn| session::overdue(conn, now, ROWS_AT_ONCE)).await?;
        let mut classes: Vec<(i64, i64)> =
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
        log::info!("ended {ended} sessions whose components fell silent");
    }
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
