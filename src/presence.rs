//! Who is inside, while components tell that they live: takes signs of life into memory, writes them down now and then,
//! ends the stays of those who fell silent and the classes whose time is over.
//!
//! Any number of instances may do so on one database: what ends, ends once, under the lock of its class.

mod heartbeats;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::{Clock, Millis};
use crate::db::Db;
use crate::domain::classroom::class;
use crate::domain::classroom::class::Cutoffs;
use crate::domain::classroom::session;
use crate::domain::classroom::session::Component;
use crate::domain::{Error, Result};
use heartbeats::{Beat, Heartbeats};

/// How many intervals a stay lasts after a sign of life.
const INTERVALS: Millis = 3;
/// How often the work is done. An instance waits as long before it ends a stay: another may have heard of it since.
const EVERY: Millis = session::GRACE;
/// How many signs of life are written in one transaction, and how many stays and classes are ended before others have
/// their turn.
const AT_ONCE: usize = 500;
const ROWS_AT_ONCE: i64 = 100;
/// How long a class whose time is over stays open while it is empty: somebody may be loading the page again.
const EMPTY_FOR: Millis = 30_000;
/// How often classes are looked for that have to end.
const LOOK_FOR_CLASSES_EVERY: Millis = 10_000;

/// How presence is kept.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often components are asked to tell that they live.
    pub heartbeat: Duration,
    /// How long after its time a class ends whoever is inside.
    pub overrun: Duration,
}

/// What one process knows of who lives.
pub struct Presence {
    interval: Millis,
    overrun: Millis,
    heartbeats: Heartbeats,
    /// From when on stays may be ended: those whom no process heard before this one get an interval to tell that they live.
    sweep_from: Millis,
    /// When classes are looked for next.
    classes_from: AtomicI64,
}

impl Presence {
    /// Knows nobody yet.
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

    /// How long a stay lasts after a sign of life, where the protocol has no time of its own.
    #[must_use]
    pub fn lease(&self) -> Millis {
        self.interval.saturating_mul(INTERVALS)
    }

    /// Takes a sign of life of a component in a class. The first of a stay is looked up, the others touch memory alone.
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

    /// Takes a sign of life that comes with a token alone, if the stay that it keeps is in memory; says whether it is.
    pub fn hear(&self, enterprise_id: i64, class_id: i64, token_hash: &str, now: Millis) -> bool {
        self.heartbeats.take(Beat { enterprise_id, class_id, token_hash, user_id: None }, now)
    }

    /// Forgets a component that came into a class or left it: its next sign of life there is looked up.
    pub fn forget(&self, class_id: i64, token_hash: &str) {
        self.heartbeats.remove(class_id, token_hash);
    }

    /// Forgets components whose tokens have ended.
    pub fn forget_all(&self, token_hashes: &[String]) {
        for token_hash in token_hashes {
            self.heartbeats.remove_all(token_hash);
        }
    }

    /// Does what there is to do: writes down who lives, then ends what has to end.
    ///
    /// # Errors
    /// Only the database's; the rest is then done at the next time.
    pub async fn work(&self, db: &Db, now: Millis) -> Result<()> {
        // First: a stay must not be ended for a sign of life that was not written down.
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

    /// Writes down the signs of life that are in memory alone.
    ///
    /// # Errors
    /// Only the database's; what was not written stays in memory.
    pub async fn write_down(&self, db: &Db, now: Millis) -> Result<()> {
        let signs = self.heartbeats.unwritten(now);
        for some in signs.chunks(AT_ONCE) {
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
            // Who could not be heard has not been silent.
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

/// Ends the stays of those who fell silent, a class at a time.
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
        log::info!("ended {ended} stays whose components fell silent");
    }
}

/// The work of a running service.
pub struct Worker {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts working; call it within a runtime.
    #[must_use]
    pub fn start(presence: Arc<Presence>, db: Db, clock: Clock) -> Self {
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            tokio::select! {
                () = db.migrated() => {}
                _ = &mut stopped => return,
            }
            loop {
                let now = clock.now();
                if let Err(e) = presence.work(&db, now).await {
                    report(&e);
                }
                tokio::select! {
                    _ = &mut stopped => break,
                    () = clock.sleep_until(Some(now.saturating_add(EVERY))) => {}
                }
            }
            if let Err(e) = presence.write_down(&db, clock.now()).await {
                report(&e);
            }
        });
        Self { stop, task }
    }

    /// Stops, with what is in memory written down.
    pub async fn stop(self) {
        drop(self.stop);
        if self.task.await.is_err() {
            log::error!("the keeping of presence ended in a panic");
        }
    }
}

fn report(error: &Error) {
    match error {
        Error::Database(cause) => log::error!("presence could not be written down: {cause}"),
        other => log::error!("presence could not be written down: {other}"),
    }
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
