//! Workers that run a step from time to time.

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};

use super::failure_log::FailureLog;
use super::worker::{Context, Worker};
use crate::clock::Millis;

/// Why a step failed.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// When the next step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// At once, because there is more to do.
    Now,
    /// After this duration, independently of the [`Clock`](crate::clock::Clock).
    After(Duration),
    /// At this time of the clock.
    At(Millis),
    /// Never: the work is done.
    Never,
}

/// What happens to a running step when the stop is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtStop {
    /// It may finish within the time that a worker has to stop.
    Finish,
    /// It is dropped at its next await point. The next start does what is left.
    Abandon,
}

/// Work that is done in steps.
pub trait Periodic: Send + Sync + 'static {
    /// The name of the worker, for the log.
    const NAME: &'static str;
    /// How long to wait after a failed step.
    const PAUSE: Duration = Duration::from_secs(1);
    /// What happens to a running step at the stop.
    const AT_STOP: AtStop;
    /// As [`Worker::needs_tables`].
    const NEEDS_TABLES: bool = true;

    /// Runs one step, and returns when the next one runs.
    ///
    /// # Errors
    /// The cause. It is logged if the previous step did not fail in the same way. The step is retried after [`Periodic::PAUSE`].
    fn step(&self, context: &Context) -> impl Future<Output = Result<Next, Failure>> + Send;

    /// Called once at the stop.
    ///
    /// # Errors
    /// The cause, for the log.
    fn finish(&self, _context: &Context) -> impl Future<Output = Result<(), Failure>> + Send {
        std::future::ready(Ok(()))
    }
}

/// A worker that runs these steps.
#[must_use]
pub fn periodic(work: impl Periodic) -> Box<dyn Worker> {
    Box::new(Steps(work))
}

struct Steps<P>(P);

impl<P: Periodic> Steps<P> {
    async fn run_steps(&self, context: Context) {
        let mut failures = FailureLog::new(P::NAME);
        let stop = context.stop.clone();
        while !stop.is_requested() {
            let abandon = async {
                match P::AT_STOP {
                    AtStop::Abandon => stop.requested().await,
                    AtStop::Finish => std::future::pending().await,
                }
            };
            let result = tokio::select! {
                biased;
                () = abandon => break,
                result = self.0.step(&context) => result,
            };
            let pause = async {
                match failures.note(result).unwrap_or(Next::After(P::PAUSE)) {
                    Next::Now => {}
                    Next::After(pause) => tokio::time::sleep(pause).await,
                    Next::At(time) => context.clock.sleep_until(Some(time)).await,
                    Next::Never => stop.requested().await,
                }
            };
            tokio::select! {
                biased;
                () = stop.requested() => break,
                () = pause => {}
            }
        }
        failures.note(self.0.finish(&context).await);
    }
}

impl<P: Periodic> Worker for Steps<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn needs_tables(&self) -> bool {
        P::NEEDS_TABLES
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        self.run_steps(context).boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;
    use crate::clock::Clock;
    use crate::db::Db;
    use crate::jobs::Supervisor;

    const HOUR: Millis = 3_600_000;

    /// Reports the time of each step and of the stop.
    struct Hourly {
        report: UnboundedSender<(&'static str, Millis)>,
        failures: AtomicI64,
    }

    impl Periodic for Hourly {
        const NAME: &'static str = "hourly work";
        const PAUSE: Duration = Duration::from_millis(1);
        const AT_STOP: AtStop = AtStop::Finish;

        async fn step(&self, context: &Context) -> Result<Next, Failure> {
            let now = context.clock.now();
            if self.failures.fetch_sub(1, Ordering::Relaxed) > 0 {
                self.report.send(("failed", now)).unwrap();
                return Err("out of order".into());
            }
            self.report.send(("done", now)).unwrap();
            Ok(Next::At(now + HOUR))
        }

        async fn finish(&self, context: &Context) -> Result<(), Failure> {
            self.report.send(("finished", context.clock.now())).unwrap();
            Ok(())
        }
    }

    /// A step that never ends.
    struct Endless<const FINISH: bool>(UnboundedSender<()>);

    impl<const FINISH: bool> Periodic for Endless<FINISH> {
        const NAME: &'static str = "endless work";
        const AT_STOP: AtStop = if FINISH { AtStop::Finish } else { AtStop::Abandon };

        async fn step(&self, context: &Context) -> Result<Next, Failure> {
            self.0.send(()).unwrap();
            context.stop.requested().await;
            tokio::task::yield_now().await;
            self.0.send(()).unwrap();
            Ok(Next::Now)
        }
    }

    fn start(clock: &Clock, worker: Box<dyn Worker>) -> (Supervisor, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/rows.db", folder.path().display())).unwrap();
        (Supervisor::start(&db, clock, vec![worker]).unwrap(), folder)
    }

    fn hourly(clock: &Clock, failures: i64) -> (Supervisor, UnboundedReceiver<(&'static str, Millis)>) {
        let (report, reports) = unbounded_channel();
        let work = Hourly { report, failures: AtomicI64::new(failures) };
        (start(clock, periodic(work)).0, reports)
    }

    #[tokio::test]
    async fn a_step_is_done_at_its_time_and_the_end_is_told() {
        let clock = Clock::set_at(0);
        let (running, mut reports) = hourly(&clock, 0);
        assert_eq!(reports.recv().await, Some(("done", 0)));
        clock.set(HOUR - 1);
        tokio::task::yield_now().await;
        assert!(reports.try_recv().is_err());
        clock.set(HOUR);
        assert_eq!(reports.recv().await, Some(("done", HOUR)));
        running.stop().await;
        assert_eq!(reports.recv().await, Some(("finished", HOUR)));
        assert_eq!(reports.recv().await, None);
    }

    #[tokio::test]
    async fn a_step_that_failed_is_tried_again_whatever_the_clock_says() {
        let (running, mut reports) = hourly(&Clock::set_at(7), 2);
        for expected in ["failed", "failed", "done"] {
            assert_eq!(reports.recv().await, Some((expected, 7)));
        }
        running.stop().await;
    }

    #[tokio::test]
    async fn a_step_under_way_is_finished_or_abandoned_at_the_stop() {
        let (report, mut reports) = unbounded_channel();
        let workers = [periodic(Endless::<true>(report.clone())), periodic(Endless::<false>(report))];
        for (worker, reports_after_the_stop) in workers.into_iter().zip([1, 0]) {
            let (running, _folder) = start(&Clock::System, worker);
            reports.recv().await.unwrap();
            running.stop().await;
            assert_eq!(reports.len(), reports_after_the_stop);
            while reports.try_recv().is_ok() {}
        }
    }
}
