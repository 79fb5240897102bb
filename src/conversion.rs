//! Converts documents, one job after the other: takes what was asked for, fetches it, has it converted, stores what comes of it
//! and settles the job.
//!
//! A job is a row. Who works on it holds it under a lease that is renewed, so that a process that dies gives it back; settling
//! takes the token of the lease. `engine::convert` does the converting.

mod folder;
mod job;
mod original;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};

use crate::clock::{Clock, Millis};
use crate::db::Db;
use crate::domain::Result;
use crate::domain::content::conversion;
use crate::domain::content::conversion::{Conversion, Lease, Taken};
use crate::domain::tenancy::secret;
use crate::integrations::converter::Converter;
use crate::storage::Storage;
pub use folder::WorkFolder;
use job::Job;
use original::Originals;

/// How long a claim holds without being renewed. A worker that dies gives it back within this and one look.
const LEASE: Millis = 10_000;
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// How often to look for what other processes left and for what is to be tried again: commits of this one notify.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long after a try that failed the next one is; after the second, twice as long.
const PAUSE: Millis = 10_000;

/// How documents are converted.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many at once.
    pub workers: usize,
    /// How large one may be, in bytes.
    pub limit: u64,
    /// How long one may take to come.
    pub timeout: Duration,
    /// Whether they may come from addresses inside networks.
    pub allow_private: bool,
}

/// What every job needs.
struct Tools {
    db: Db,
    clock: Clock,
    storage: Storage,
    converter: Arc<dyn Converter>,
    originals: Originals,
    folder: Arc<WorkFolder>,
}

/// The running work.
pub struct Worker {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts converting, as soon as the database is there; call it within a runtime.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn start(
        settings: Settings,
        folder: Arc<WorkFolder>,
        db: Db,
        clock: Clock,
        storage: Storage,
        converter: Arc<dyn Converter>,
    ) -> std::io::Result<Self> {
        let originals = Originals::new(settings, storage.clone()).map_err(std::io::Error::other)?;
        let tools = Tools { db, clock, storage, converter, originals, folder };
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            tokio::select! {
                () = tools.db.migrated() => {}
                _ = &mut stopped => return,
            }
            Jobs::new(Arc::new(tools), settings.workers).run(stopped).await;
        });
        Ok(Self { stop, task })
    }

    /// Breaks off what is being converted and gives it back: it is begun anew after the next start, or by another instance.
    pub async fn stop(self) {
        drop(self.stop);
        if self.task.await.is_err() {
            log::error!("the conversion of documents ended in a panic");
        }
    }
}

/// The jobs of this process.
struct Jobs {
    tools: Arc<Tools>,
    workers: usize,
    running: JoinSet<()>,
    /// What they hold, and the tokens it is held under.
    held: HashMap<Id, (Conversion, String)>,
}

impl Jobs {
    fn new(tools: Arc<Tools>, workers: usize) -> Self {
        Self { tools, workers, running: JoinSet::new(), held: HashMap::new() }
    }

    async fn run(mut self, mut stopped: oneshot::Receiver<()>) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        let queued = self.tools.db.notifier(&conversion::QUEUED);
        // On the embedded database there is no other worker: what is held was held by one that died.
        self.release_expired(self.tools.db.is_embedded()).await;
        loop {
            while self.running.len() < self.workers && self.begin().await {}
            tokio::select! {
                biased;
                _ = &mut stopped => break,
                Some(ended) = self.running.join_next_with_id() => self.ended(ended).await,
                _ = queued.wait() => {}
                _ = look.tick() => self.release_expired(false).await,
            }
        }
        // Whatever was started for them ends with them.
        self.running.shutdown().await;
        for (held, token) in std::mem::take(&mut self.held).into_values() {
            self.release("broken off at the stop", move |conn| conversion::release(conn, &held, &token)).await;
        }
    }

    /// Begins the next job; says whether there may be one more.
    async fn begin(&mut self) -> bool {
        let now = self.tools.clock.now();
        let lease = Lease { token: secret::token(), until: now.saturating_add(LEASE) };
        let token = lease.token.clone();
        match self.tools.db.write(move |conn| conversion::claim(conn, &lease, now)).await {
            Ok(Taken::Work(held)) => {
                let job = Job { tools: self.tools.clone(), held: (*held).clone(), token: token.clone() };
                let id = self.running.spawn(job.run()).id();
                self.held.insert(id, (*held, token));
                true
            }
            Ok(Taken::GivenUp(lost)) => {
                log::warn!("conversion {}: given up, it broke off {} times", lost.task_id, lost.attempts);
                true
            }
            Ok(Taken::Nothing) => false,
            Err(e) => {
                log::error!("the next conversion could not be claimed: {e}");
                false
            }
        }
    }

    async fn ended(&mut self, ended: std::result::Result<(Id, ()), JoinError>) {
        match ended {
            Ok((id, ())) => drop(self.held.remove(&id)),
            Err(broken) => {
                let Some((held, token)) = self.held.remove(&broken.id()) else { return };
                log::error!("conversion {}: {broken}", held.task_id);
                let due = self.tools.clock.now().saturating_add(PAUSE);
                self.release("ended in a panic", move |conn| conversion::reschedule(conn, &held, &token, due)).await;
            }
        }
    }

    /// Gives back what dead workers held.
    async fn release_expired(&self, everything: bool) {
        let own: Vec<i64> = self.held.values().map(|(held, _)| held.id).collect();
        let now = self.tools.clock.now();
        match self.tools.db.write(move |conn| conversion::release_expired(conn, &own, now, everything)).await {
            Ok(0) => {}
            Ok(freed) => log::info!("took over {freed} conversions of a worker that is gone"),
            Err(e) => log::error!("conversions of dead workers could not be taken over: {e}"),
        }
    }

    async fn release(&self, why: &str, give: impl FnOnce(&mut crate::db::Conn) -> Result<()> + Send + 'static) {
        if let Err(e) = self.tools.db.write(give).await {
            log::error!("a conversion that was {why} could not be given back, it is when its lease ends: {e}");
        }
    }
}
