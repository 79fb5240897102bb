//! Rows that schedule an action outside the database. Each action is retried until it succeeds, also by another process after a
//! crash.

use std::time::Duration;

use futures_util::future::join_all;

use super::backoff::Backoff;
use super::periodic::{AtStop, Failure, Next, Periodic, periodic};
use super::worker::{Context, Worker};
use crate::clock::Millis;
use crate::db::{Conn, Db, Error, QueryError};

/// How often to look for due rows.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A kind of action that is performed when its row is due.
pub trait DueWork: Send + Sync + 'static {
    /// A row.
    type Item: Clone + Send + Sync + 'static;

    /// The name of the worker, for the log.
    const NAME: &'static str;
    /// How many actions run at once.
    const AT_ONCE: u16;
    /// How long to wait after an attempt before the next one.
    const BACKOFF: Backoff;

    /// Whether any row is due. It is called often, so it must be cheap.
    fn is_due(conn: &mut Conn, now: Millis) -> Result<bool, QueryError>;

    /// The due rows, the oldest first, locked until the transaction ends. Rows that another transaction has locked are skipped.
    fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<Self::Item>, QueryError>;

    /// The number of attempts so far.
    fn attempts(item: &Self::Item) -> i64;

    /// Counts an attempt, and sets the time of the next one.
    fn reschedule(conn: &mut Conn, item: &Self::Item, due: Millis) -> Result<(), QueryError>;

    /// Performs the action. It must be idempotent: a process that died before it settled the row may have performed it already.
    ///
    /// # Errors
    /// What failed and why, for the log.
    fn perform(&self, item: &Self::Item) -> impl Future<Output = Result<(), String>> + Send;

    /// Removes the row after a success.
    fn settle(conn: &mut Conn, item: &Self::Item) -> Result<(), QueryError>;
}

/// A worker that performs the actions that are due.
#[must_use]
pub fn due_work(work: impl DueWork) -> Box<dyn Worker> {
    periodic(Due(work))
}

struct Due<W>(W);

impl<W: DueWork> Periodic for Due<W> {
    const NAME: &'static str = W::NAME;
    // Actions in progress were rescheduled before they began.
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let (db, now) = (&context.db, context.clock.now());
        if !db.read(move |conn| Ok::<_, Error>(W::is_due(conn, now)?)).await? {
            return Ok(Next::After(LOOK_EVERY));
        }
        // Reschedule first, so that no other process performs the same action and nothing is lost if this process dies.
        let items = db.write(move |conn| {
            let items = W::due(conn, now, W::AT_ONCE.into())?;
            for item in &items {
                let failures = W::attempts(item).saturating_add(1);
                W::reschedule(conn, item, now.saturating_add(W::BACKOFF.after(failures)))?;
            }
            Ok::<_, Error>(items)
        });
        let items = items.await?;
        let is_full = items.len() >= usize::from(W::AT_ONCE);
        join_all(items.into_iter().map(|item| self.attempt(db, item))).await.into_iter().collect::<Result<(), _>>()?;
        Ok(if is_full { Next::Now } else { Next::After(LOOK_EVERY) })
    }
}

impl<W: DueWork> Due<W> {
    async fn attempt(&self, db: &Db, item: W::Item) -> Result<(), Error> {
        if let Err(problem) = self.0.perform(&item).await {
            log::warn!("{problem}");
            return Ok(());
        }
        db.write(move |conn| Ok::<_, Error>(W::settle(conn, &item)?)).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, MutexGuard};

    use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

    use super::*;
    use crate::clock::Clock;
    use crate::jobs::Supervisor;

    const MINUTE: Millis = 60_000;

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Row {
        id: i64,
        due: Millis,
        attempts: i64,
    }

    /// Stands for a table. Only one test uses it.
    static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

    fn rows() -> MutexGuard<'static, Vec<Row>> {
        ROWS.lock().unwrap()
    }

    /// Succeeds for even ids, and reports each attempt with the current row.
    struct Even(UnboundedSender<Row>);

    impl DueWork for Even {
        type Item = Row;

        const NAME: &'static str = "even work";
        const AT_ONCE: u16 = 3;
        const BACKOFF: Backoff = Backoff::doubling(MINUTE, 2 * MINUTE);

        fn is_due(_: &mut Conn, now: Millis) -> Result<bool, QueryError> {
            Ok(rows().iter().any(|row| row.due <= now))
        }

        fn due(_: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<Row>, QueryError> {
            Ok(rows().iter().filter(|row| row.due <= now).take(usize::try_from(at_most).unwrap()).cloned().collect())
        }

        fn attempts(row: &Row) -> i64 {
            row.attempts
        }

        fn reschedule(_: &mut Conn, item: &Row, due: Millis) -> Result<(), QueryError> {
            let mut rows = rows();
            let row = rows.iter_mut().find(|row| row.id == item.id).unwrap();
            (row.due, row.attempts) = (due, item.attempts + 1);
            Ok(())
        }

        async fn perform(&self, item: &Row) -> Result<(), String> {
            let row = rows().iter().find(|row| row.id == item.id).unwrap().clone();
            self.0.send(row).unwrap();
            if item.id % 2 == 0 { Ok(()) } else { Err("it is odd".into()) }
        }

        fn settle(_: &mut Conn, item: &Row) -> Result<(), QueryError> {
            rows().retain(|row| row.id != item.id);
            Ok(())
        }
    }

    #[tokio::test]
    async fn rows_are_rescheduled_before_each_try_and_settled_when_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/rows.db", folder.path().display())).unwrap();
        let clock = Clock::set_at(0);
        // More rows than run at once, and one that is not due.
        let first = |id| Row { id, due: if id == 5 { Millis::MAX } else { 0 }, attempts: 0 };
        *rows() = (1..=5).map(first).collect();
        let (report, mut tries) = unbounded_channel();
        let running = Supervisor::start(&db, &clock, vec![due_work(Even(report))]).unwrap();
        for id in 1..=4 {
            assert_eq!(tries.recv().await, Some(Row { id, due: MINUTE, attempts: 1 }));
        }
        // The delay doubles up to the longest.
        for (now, due, attempts) in [(MINUTE, 3 * MINUTE, 2), (3 * MINUTE, 5 * MINUTE, 3)] {
            clock.set(now);
            for id in [1, 3] {
                assert_eq!(tries.recv().await, Some(Row { id, due, attempts }));
            }
        }
        running.stop().await;
        assert_eq!(rows().iter().map(|row| row.id).collect::<Vec<_>>(), [1, 3, 5]);
    }
}
