//! Short reads on PostgreSQL. To begin and to end a transaction takes two round trips, often more than the read itself, so reads
//! that wait at the same time share one.
//!
//! All reads of a transaction were asked for before it began. Each therefore sees everything that was committed before its
//! caller asked.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::conn::Conn;
use super::error::Error;
use super::pool::{Pool, Purpose, end_read};

/// The share of the connections that serves short reads at most. The others are left to writes and to slow reads.
const SHARE: u32 = 2;
/// The most reads of a transaction: it bounds how long the last one waits for the first.
const BATCH: usize = 16;

/// Runs a read, or fails it for the given reason. Returns whether the transaction can go on.
type Job = Box<dyn FnOnce(Result<&mut Conn, Error>) -> bool + Send>;

/// Clones share the queue.
#[derive(Clone)]
pub(super) struct SharedReads {
    pool: Pool,
    /// How many connections serve short reads at most.
    readers: usize,
    queue: Arc<Mutex<Queue>>,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    readers: usize,
}

impl SharedReads {
    pub(super) fn new(pool: Pool, connections: u32) -> Self {
        Self { pool, readers: (connections / SHARE).max(1) as usize, queue: Arc::default() }
    }

    /// Runs a read in a transaction that it may share with others.
    pub(super) async fn run<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            if sender.is_closed() {
                return true;
            }
            let result = conn.map_err(E::from).and_then(f);
            let is_good = result.is_ok();
            // It fails when the caller has gone away.
            let _ = sender.send(result);
            is_good
        });
        if self.push(job) {
            // A task of its own also serves the others when the caller goes away.
            tokio::spawn(Serving { reads: self.clone(), is_counted: true }.serve());
        }
        receiver.await.unwrap_or_else(|_| Err(Error::Unavailable("the read broke off".into()).into()))
    }

    /// Queues a job. Returns whether one more reader is needed, and counts it.
    fn push(&self, job: Job) -> bool {
        let mut queue = self.lock();
        queue.jobs.push_back(job);
        let needed = queue.readers < self.readers;
        queue.readers += usize::from(needed);
        needed
    }

    /// Runs jobs in one transaction until the batch is empty or a job fails: the rest then needs another transaction, as a
    /// failed statement ends this one.
    fn run_batch(&self, batch: &mut VecDeque<Job>) {
        let mut conn = match self.pool.begin(Purpose::Read) {
            Ok(conn) => conn,
            Err(error) => return fail(std::mem::take(batch), &error),
        };
        let mut is_good = true;
        while is_good && let Some(job) = batch.pop_front() {
            is_good = catch_unwind(AssertUnwindSafe(|| job(Ok(&mut conn)))).unwrap_or_else(|_| {
                log::error!("a read panicked");
                false
            });
        }
        end_read(&mut conn);
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader at work.
struct Serving {
    reads: SharedReads,
    /// Whether the queue counts it.
    is_counted: bool,
}

impl Serving {
    /// Reads until nothing waits.
    async fn serve(mut self) {
        loop {
            let permit = self.reads.pool.permit().await;
            let Some(mut batch) = self.next_batch() else { return };
            match permit {
                Ok(permit) => {
                    let reads = self.reads.clone();
                    let run = tokio::task::spawn_blocking(move || {
                        let _permit = permit;
                        while !batch.is_empty() {
                            reads.run_batch(&mut batch);
                        }
                    });
                    // It fails only when the process ends: `run_batch` catches panics.
                    let _ = run.await;
                }
                Err(error) => fail(batch, &error),
            }
        }
    }

    /// The next jobs; none when this reader is no longer needed.
    fn next_batch(&mut self) -> Option<VecDeque<Job>> {
        let mut queue = self.reads.lock();
        if queue.jobs.is_empty() {
            queue.readers -= 1;
            self.is_counted = false;
            return None;
        }
        let size = queue.jobs.len().min(BATCH);
        Some(queue.jobs.drain(..size).collect())
    }
}

/// When the service stops, its threads drop their readers. What still waits then fails, so that nobody waits for ever.
impl Drop for Serving {
    fn drop(&mut self) {
        if !self.is_counted {
            return;
        }
        let mut queue = self.reads.lock();
        queue.readers -= 1;
        if queue.readers == 0 {
            let left = std::mem::take(&mut queue.jobs);
            drop(queue);
            fail(left, &Error::Unavailable("the service stops".into()));
        }
    }
}

fn fail(batch: VecDeque<Job>, error: &Error) {
    for job in batch {
        job(Err(Error::Unavailable(error.reason())));
    }
}
