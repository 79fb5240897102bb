//! Starts all workers of a process, restarts them after a panic, and stops them within a bounded time.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::future::{FutureExt, join_all};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::stop::{Stop, Stopper, signal};
use super::worker::{Context, Worker};
use crate::clock::Clock;
use crate::db::Db;

/// How long to wait after a panic before the worker is restarted.
const RESTART: Backoff = Backoff::doubling(500, 30_000);
/// A worker that ran this long before a panic starts with the shortest back-off again.
const HEALTHY: Duration = Duration::from_mins(1);
/// How much longer to wait for a worker that blocks its thread.
const BLOCKED: Duration = Duration::from_secs(1);

/// The running workers. Dropping it requests their stop and does not wait.
pub struct Supervisor {
    stopper: Stopper,
    running: Vec<Running>,
}

struct Running {
    name: &'static str,
    limit: Duration,
    /// Closed when the worker has ended and released the database.
    ended: oneshot::Receiver<()>,
}

impl Supervisor {
    /// Starts workers. Must be called within a runtime. Each worker waits until the tables are migrated, if it needs them.
    ///
    /// # Errors
    /// If a thread can't be started. The workers that were already started then stop.
    pub fn start(db: &Db, clock: &Clock, workers: Vec<Box<dyn Worker>>) -> std::io::Result<Self> {
        let (stopper, stop) = signal();
        let start = |worker| start(worker, Context { db: db.clone(), clock: clock.clone(), stop: stop.clone() });
        let running = workers.into_iter().map(start).collect::<Result<_, _>>()?;
        Ok(Self { stopper, running })
    }

    /// Requests the stop of all workers, and waits for each as long as it may take.
    pub async fn stop(self) {
        self.stopper.stop();
        join_all(self.running.into_iter().map(Running::end)).await;
    }
}

impl Running {
    async fn end(self) {
        if tokio::time::timeout(self.limit + BLOCKED, self.ended).await.is_err() {
            log::error!("{}: does not stop", self.name);
        }
    }
}

fn start(worker: Box<dyn Worker>, context: Context) -> std::io::Result<Running> {
    let (end, ended) = oneshot::channel();
    let (name, limit) = (worker.name(), worker.drain());
    if worker.has_own_thread() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name(name.into()).spawn(move || {
            runtime.block_on(supervise(&*worker, context));
            // The tasks of the runtime must end before the worker counts as ended.
            drop((runtime, worker));
            drop(end);
        })?;
    } else {
        tokio::spawn(async move {
            supervise(&*worker, context).await;
            drop(worker);
            drop(end);
        });
    }
    Ok(Running { name, limit, ended })
}

/// Runs a worker until its stop is requested, and restarts it after each panic.
async fn supervise(worker: &dyn Worker, context: Context) {
    let (name, stop) = (worker.name(), context.stop.clone());
    if worker.needs_tables() {
        tokio::select! {
            biased;
            () = stop.requested() => return,
            () = context.db.migrated() => {}
        }
    }
    let mut panics = 0;
    loop {
        let begun = Instant::now();
        let run = AssertUnwindSafe(async { worker.run(context.clone()).await }).catch_unwind();
        let ended = tokio::select! {
            biased;
            ended = run => ended,
            () = drained(&stop, worker.drain()) => {
                log::warn!("{name}: broken off, it did not stop within {:?}", worker.drain());
                return;
            }
        };
        let Err(panic) = ended else { return };
        panics = if begun.elapsed() < HEALTHY { panics + 1 } else { 1 };
        log::error!("{name}: panicked and is started again: {}", message(&*panic));
        tokio::select! {
            biased;
            () = stop.requested() => return,
            () = tokio::time::sleep(RESTART.pause(panics)) => {}
        }
    }
}

/// Waits until the stop was requested and `limit` has passed.
async fn drained(stop: &Stop, limit: Duration) {
    stop.requested().await;
    tokio::time::sleep(limit).await;
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;
    use tempfile::TempDir;
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;

    /// Reports the steps of each run, with the thread.
    struct Reporter {
        sender: UnboundedSender<(&'static str, String)>,
        own_thread: bool,
        drain: Duration,
        run: fn(&Reporter, Context) -> BoxFuture<'_, ()>,
    }

    impl Reporter {
        fn new(run: fn(&Reporter, Context) -> BoxFuture<'_, ()>) -> (Self, UnboundedReceiver<(&'static str, String)>) {
            let (sender, reports) = unbounded_channel();
            (Self { sender, own_thread: false, drain: Duration::from_secs(30), run }, reports)
        }

        fn say(&self, what: &'static str) {
            let thread = std::thread::current().name().unwrap_or_default().to_owned();
            self.sender.send((what, thread)).unwrap();
        }
    }

    impl Worker for Reporter {
        fn name(&self) -> &'static str {
            "a worker"
        }

        fn has_own_thread(&self) -> bool {
            self.own_thread
        }

        fn drain(&self) -> Duration {
            self.drain
        }

        fn run(&self, context: Context) -> BoxFuture<'_, ()> {
            (self.run)(self, context)
        }
    }

    fn until_stopped(reporter: &Reporter, context: Context) -> BoxFuture<'_, ()> {
        async move {
            reporter.say("begun");
            context.stop.requested().await;
            reporter.say("stopped");
        }
        .boxed()
    }

    fn db() -> (Db, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/rows.db", folder.path().display())).unwrap();
        (db, folder)
    }

    fn start(db: &Db, worker: Reporter) -> Supervisor {
        Supervisor::start(db, &Clock::System, vec![Box::new(worker)]).unwrap()
    }

    #[tokio::test]
    async fn a_worker_runs_until_it_is_stopped_and_is_waited_for() {
        for own_thread in [false, true] {
            let (db, _folder) = db();
            let (worker, mut reports) = Reporter::new(until_stopped);
            let running = start(&db, Reporter { own_thread, ..worker });
            let (what, thread) = reports.recv().await.unwrap();
            assert_eq!((what, thread == "a worker"), ("begun", own_thread));
            running.stop().await;
            assert_eq!(reports.try_recv().unwrap().0, "stopped");
            // The worker is dropped with everything it holds.
            assert!(reports.is_closed() && reports.try_recv().is_err());
        }
    }

    #[tokio::test]
    async fn a_worker_is_stopped_when_its_supervisor_is_dropped() {
        let (db, _folder) = db();
        let (worker, mut reports) = Reporter::new(until_stopped);
        drop(start(&db, worker));
        while reports.recv().await.is_some() {}
    }

    #[tokio::test]
    async fn a_worker_that_panics_is_started_again() {
        let (db, _folder) = db();
        let (worker, mut reports) = Reporter::new(|reporter, _| {
            async {
                reporter.say("begun");
                panic!("each time");
            }
            .boxed()
        });
        let running = start(&db, worker);
        assert_eq!(reports.recv().await.unwrap().0, "begun");
        assert_eq!(reports.recv().await.unwrap().0, "begun");
        running.stop().await;
    }

    #[tokio::test]
    async fn a_worker_that_does_not_stop_is_dropped() {
        for own_thread in [false, true] {
            let (db, _folder) = db();
            let (worker, mut reports) = Reporter::new(|reporter, _| {
                reporter.say("begun");
                std::future::pending().boxed()
            });
            let running = start(&db, Reporter { own_thread, drain: Duration::from_millis(10), ..worker });
            reports.recv().await.unwrap();
            running.stop().await;
            assert!(reports.is_closed());
        }
    }

    #[tokio::test]
    async fn a_worker_begins_when_the_tables_are_there() {
        let (db, _folder) = db();
        let db = db.until_migrated();
        let (worker, mut reports) = Reporter::new(until_stopped);
        let running = start(&db, worker);
        tokio::task::yield_now().await;
        assert!(reports.try_recv().is_err());
        db.migrate().unwrap();
        assert_eq!(reports.recv().await.unwrap().0, "begun");
        running.stop().await;
    }

    #[tokio::test]
    async fn a_worker_that_waits_for_the_tables_stops_without_having_begun() {
        let (db, _folder) = db();
        let (worker, mut reports) = Reporter::new(until_stopped);
        start(&db.until_migrated(), worker).stop().await;
        assert!(reports.recv().await.is_none());
    }
}
