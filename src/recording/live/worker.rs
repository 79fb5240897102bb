//! The workers of live pictures. Each class is broadcast in a task, beside the classes themselves: nothing that happens here holds
//! up a class.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, FutureExt};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::broadcasting::broadcast;
use super::desk::{Job, Live};
use super::publishing::Publisher;
use crate::domain::classroom::live;
use crate::jobs::{AtStop, Backoff, Context, Failure, Next, Periodic, Worker};

/// How long to wait after a broadcast failed.
const BACKOFF: Backoff = Backoff::doubling(1_000, 60_000);
/// A broadcast that lasted so long failed for another reason than the one before.
const STEADY: Duration = Duration::from_mins(2);
/// How often to look for lists that do not change any more.
const OUTDATED_EVERY: Duration = Duration::from_secs(30);

/// Broadcasts classes.
pub struct Broadcasting {
    live: Arc<Live>,
    /// Kept when the worker is started again.
    jobs: Mutex<mpsc::UnboundedReceiver<Job>>,
}

impl Broadcasting {
    /// `None` when there is one already.
    pub fn new(live: &Arc<Live>) -> Option<Self> {
        Some(Self { live: live.clone(), jobs: Mutex::new(live.jobs()?) })
    }

    async fn run(&self, context: Context) {
        let mut jobs = self.jobs.lock().await;
        let mut tasks = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = context.stop.requested() => return,
                Some(job) = jobs.recv() => {
                    let (db, clock) = (context.db.clone(), context.clock.clone());
                    let publisher = Publisher { db, clock, storage: self.live.storage.clone() };
                    let live = self.live.clone();
                    tasks.spawn(async move { show(&live, &publisher, job).await });
                }
                Some(ended) = tasks.join_next(), if !tasks.is_empty() => {
                    if let Err(problem) = ended {
                        log::error!("a class is not shown live any more: {problem}");
                    }
                }
            }
        }
    }
}

/// Shows a class until it is over. A broadcast that fails begins anew.
async fn show(live: &Live, publisher: &Publisher, mut job: Job) {
    let mut failures = 0;
    while !job.stop.is_over() {
        let begun = Instant::now();
        let Err(problem) = broadcast(&live.ffmpeg, publisher, &mut job).await else { break };
        log::warn!("class {} is shown live again in a moment: {problem}", job.class.class_id);
        failures = if begun.elapsed() < STEADY { failures + 1 } else { 1 };
        tokio::select! {
            () = job.stop.over() => {}
            () = sleep(BACKOFF.pause(failures)) => {}
        }
    }
    publisher.end(&job.class).await;
}

impl Worker for Broadcasting {
    fn name(&self) -> &'static str {
        "live pictures"
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        self.run(context).boxed()
    }
}

/// Removes lists that do not change any more.
pub struct Outdated;

impl Periodic for Outdated {
    const NAME: &'static str = "removing old live pictures";
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let now = context.clock.now();
        context.db.write(move |conn| live::remove_outdated(conn, now)).await?;
        Ok(Next::After(OUTDATED_EVERY))
    }
}
