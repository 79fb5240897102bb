//! Group commit on SQLite: one thread takes the queued writes, runs each in a savepoint of one transaction, commits once and
//! answers all. Durable writes then share one fsync.

mod queue;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use diesel::connection::{AnsiTransactionManager, TransactionManager, TransactionManagerStatus};
use tokio::sync::oneshot;

use super::conn::Conn;
use super::error::Error;
use super::meter::Meter;
use super::notifier::Hooks;
use super::opener::Opener;
use super::transaction::transaction;
use super::versions::Versions;
pub(super) use queue::Urgency;
use queue::{Jobs, Queue};

/// What SQLite says when another process has had the file locked for longer than the busy timeout.
const LOCKED: &str = "database is locked";

/// Runs a write, or fails it for the given reason, and returns what sends the result once the batch is committed or not.
type Job = Box<dyn FnOnce(Result<&mut Conn, &str>) -> Answer + Send>;
/// Called with whether the batch was committed; sends the result to the caller.
type Answer = Box<dyn FnOnce(Result<(), &str>) + Send>;

pub(super) struct Writer {
    jobs: Jobs<Job>,
    meter: Meter,
}

impl Writer {
    /// Opens the connection that writes and starts its thread, which ends once the `Writer` is dropped and the queue is empty.
    pub(super) fn start(opener: Opener, hooks: Hooks, versions: Versions, meter: Meter) -> Result<Self, Error> {
        let conn = opener.connect()?;
        let (jobs, waiting) = queue::new();
        let counts = meter.clone();
        thread::Builder::new()
            .name("lectern-writer".into())
            .spawn(move || work(conn, &opener, waiting, &hooks, &versions, &counts))
            .map_err(|e| Error::Unavailable(format!("no thread for the writer: {e}")))?;
        Ok(Self { jobs, meter })
    }

    /// Queues a write and waits until it is committed.
    pub(super) async fn run<T, E, F>(&self, urgency: Urgency, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = match conn {
                Ok(conn) => transaction(conn, f),
                Err(why) => Err(Error::Unavailable(why.to_owned()).into()),
            };
            Box::new(move |committed| {
                let result = match (result, committed) {
                    (Ok(_), Err(why)) => Err(Error::Unavailable(why.to_owned()).into()),
                    (result, _) => result,
                };
                // It fails when the caller has gone away.
                let _ = sender.send(result);
            })
        });
        let gone = || Error::Unavailable("the write broke off".into());
        self.meter.writes_waiting.inc();
        self.jobs.send(job, urgency).map_err(|_| gone())?;
        receiver.await.map_err(|_| gone())?
    }
}

fn work(mut conn: Conn, opener: &Opener, mut waiting: Queue<Job>, hooks: &Hooks, versions: &Versions, meter: &Meter) {
    while let Some(batch) = waiting.next_batch() {
        meter.writes_waiting.dec_by(i64::try_from(batch.len()).unwrap_or_default());
        let mut batch = batch.into_iter();
        // There is a second round only when a disk error ended the transaction in the middle of the batch.
        while batch.len() > 0 {
            let mut answers = Vec::with_capacity(batch.len());
            let outcome = run_batch(&mut conn, &mut batch, &mut answers, meter);
            meter.batches.inc();
            meter.writes.inc_by(answers.len() as u64);
            versions.transaction_ended();
            hooks.transaction_ended(outcome.is_ok());
            if let Err(why) = &outcome {
                log::error!("a batch of {} writes was not committed to {opener}: {why}", answers.len());
                match opener.connect() {
                    Ok(fresh) => conn = fresh,
                    Err(e) => log::error!("the writer can't open {opener} again: {e}"),
                }
            }
            for answer in answers {
                answer(outcome.as_ref().copied().map_err(String::as_str));
            }
        }
    }
}

/// Runs jobs until the batch is empty, then commits. Stops at a job that panics or loses the transaction.
fn run_batch(
    conn: &mut Conn,
    batch: &mut impl Iterator<Item = Job>,
    answers: &mut Vec<Answer>,
    meter: &Meter,
) -> Result<(), String> {
    let begun = match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction(c),
    };
    if let Err(e) = begun {
        let why = e.to_string();
        let before = answers.len();
        answers.extend(batch.map(|job| job(Err(&why))));
        if why == LOCKED {
            meter.busy.inc_by((answers.len() - before) as u64);
        }
        return Err(why);
    }
    for job in batch {
        let Ok(answer) = catch_unwind(AssertUnwindSafe(|| job(Ok(&mut *conn)))) else {
            log::error!("a write panicked; the other writes of its batch are rolled back with it");
            return Err("another write of the same batch failed".into());
        };
        answers.push(answer);
        if lost(conn) {
            return Err("the database ended the transaction".into());
        }
    }
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
        Conn::Postgres(c) => AnsiTransactionManager::commit_transaction(c),
    }
    .map_err(|e| e.to_string())
}

/// Whether the transaction of the batch is gone: SQLite rolls it back when a job meets a full disk.
fn lost(conn: &mut Conn) -> bool {
    let status = match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::transaction_manager_status_mut(c),
        Conn::Postgres(c) => AnsiTransactionManager::transaction_manager_status_mut(c),
    };
    matches!(status, TransactionManagerStatus::InError)
}
