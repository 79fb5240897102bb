//! The worker that does jobs of one kind: claims them as long as there is room, and gives back what it holds when it stops.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use tokio::task::{Id, JoinError, JoinSet};

use super::job::{BACKOFF, Job, LEASE};
use super::shares::Shares;
use super::work::Work;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::converting;
use crate::domain::content::conversion;
use crate::domain::content::conversion::{Conversion, Taken};
use crate::jobs::{Context, FailureLog, Worker};

/// How often to look for what other processes left and for what is to be tried again. Commits of this process wake the worker
/// at once.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The worker that does the jobs of one kind.
pub struct Conversions {
    workers: usize,
    work: Arc<dyn Work>,
}

impl Conversions {
    /// Does so many jobs at once.
    #[must_use]
    pub fn new(workers: usize, work: Arc<dyn Work>) -> Self {
        Self { workers, work }
    }
}

impl Worker for Conversions {
    fn name(&self) -> &'static str {
        self.work.name()
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        let jobs = Jobs {
            context,
            work: self.work.clone(),
            shares: Shares::of(self.workers, self.work.stalled_after()),
            running: JoinSet::new(),
            held: HashMap::new(),
            claiming: FailureLog::new("claiming the next conversion"),
            releasing: FailureLog::new("taking over conversions of dead workers"),
        };
        jobs.run().boxed()
    }
}

/// The jobs of this process.
struct Jobs {
    context: Context,
    work: Arc<dyn Work>,
    running: JoinSet<()>,
    /// The job of each task, and the token of its lease.
    held: HashMap<Id, (Conversion, String)>,
    shares: Shares,
    claiming: FailureLog,
    releasing: FailureLog,
}

impl Jobs {
    async fn run(mut self) {
        let Context { db, stop, .. } = self.context.clone();
        let mut look = tokio::time::interval(LOOK_EVERY);
        let queued = db.notifier(&conversion::QUEUED);
        // An embedded database has no other worker: each lease in it is of a process that died.
        self.release_expired(db.is_embedded()).await;
        loop {
            while self.shares.have_room(self.context.clock.now()) && self.begin().await {}
            tokio::select! {
                biased;
                () = stop.requested() => break,
                Some(ended) = self.running.join_next_with_id() => self.ended(ended).await,
                _ = queued.wait() => {}
                _ = look.tick() => self.release_expired(false).await,
            }
        }
        // Ends the programs that were started, too.
        self.running.shutdown().await;
        for (held, token) in std::mem::take(&mut self.held).into_values() {
            self.release_job("broken off at the stop", move |conn| conversion::release(conn, &held, &token)).await;
        }
    }

    /// Begins the next job; says whether there may be one more.
    async fn begin(&mut self) -> bool {
        let Context { db, clock, .. } = &self.context;
        let now = clock.now();
        let lease = LEASE.begin(now);
        let token = lease.token.clone();
        let (queue, have_their_share) = (self.work.queue(), self.shares.full());
        let claimed = db.write(move |conn| converting::claim(conn, queue, &lease, &have_their_share, now)).await;
        match self.claiming.note(claimed) {
            Some(Taken::Work(held)) => {
                let (context, work) = (self.context.clone(), self.work.clone());
                let job = Job { context, work, held: (*held).clone(), token: token.clone() };
                let id = self.running.spawn(job.run()).id();
                self.shares.begun(id, held.enterprise_id, now);
                self.held.insert(id, (*held, token));
                true
            }
            Some(Taken::GivenUp(lost)) => {
                log::warn!("conversion {}: given up, it broke off {} times", lost.task_id, lost.attempts);
                true
            }
            Some(Taken::Nothing) | None => false,
        }
    }

    async fn ended(&mut self, ended: std::result::Result<(Id, ()), JoinError>) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        self.shares.ended(id, self.context.clock.now());
        match ended {
            Ok((id, ())) => drop(self.held.remove(&id)),
            Err(panicked) => {
                let Some((held, token)) = self.held.remove(&panicked.id()) else { return };
                log::error!("conversion {}: {panicked}", held.task_id);
                let due = self.context.clock.now().saturating_add(BACKOFF.after(1));
                self.release_job("ended in a panic", move |conn| conversion::reschedule(conn, &held, &token, due))
                    .await;
            }
        }
    }

    /// Takes over what dead workers held.
    async fn release_expired(&mut self, everything: bool) {
        let own: Vec<i64> = self.held.values().map(|(held, _)| held.id).collect();
        let Context { db, clock, .. } = &self.context;
        let (queue, now) = (self.work.queue(), clock.now());
        let released = db.write(move |conn| conversion::release_expired(conn, queue, &own, now, everything)).await;
        if let Some(count @ 1..) = self.releasing.note(released) {
            log::info!("took over {count} conversions of a worker that is gone");
        }
    }

    async fn release_job(&self, why: &str, release: impl FnOnce(&mut Conn) -> Result<()> + Send + 'static) {
        if let Err(e) = self.context.db.write(release).await {
            log::error!("a conversion that was {why} was not released, it stays held until its lease expires: {e}");
        }
    }
}
