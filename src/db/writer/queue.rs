//! The queue of the writer. While the writer is busy, jobs that can wait give way to those whose callers wait.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SendError, Sender, channel};
use std::time::{Duration, Instant};

/// The most jobs of a batch: it bounds how long the first one waits for the last.
const BATCH: usize = 256;
/// The longest a job is deferred: a claim of deliveries then still has most of its lease left.
const PATIENCE: Duration = Duration::from_millis(500);
/// The writer is busy when urgent work took more than this share of its recent time.
const BUSY: f64 = 0.7;
/// The time constant of the moving average: what happened this long ago weighs a third of what happens now.
const OF_LATE: Duration = Duration::from_millis(50);
/// How long a writer that has only deferred jobs waits before it looks at its load again.
const REST: Duration = Duration::from_millis(5);

/// Whether a caller waits for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A caller waits.
    Urgent,
    /// Nobody waits: it runs at once when the writer is not busy, and within half a second otherwise.
    CanWait,
}

/// The sending end.
pub(super) struct Jobs<J>(Sender<(J, Urgency)>);

/// The receiving end.
pub(super) struct Queue<J> {
    coming: Receiver<(J, Urgency)>,
    /// The deferred jobs, each with when it came.
    patient: VecDeque<(J, Instant)>,
    load: Load,
}

pub(super) fn new<J>() -> (Jobs<J>, Queue<J>) {
    let (sender, coming) = channel();
    (Jobs(sender), Queue { coming, patient: VecDeque::new(), load: Load::new(Instant::now()) })
}

impl<J> Jobs<J> {
    pub(super) fn send(&self, job: J, urgency: Urgency) -> Result<(), SendError<(J, Urgency)>> {
        self.0.send((job, urgency))
    }
}

impl<J> Queue<J> {
    /// Waits for the next batch; none once all senders are gone and the queue is empty.
    pub(super) fn next_batch(&mut self) -> Option<Vec<J>> {
        self.load.look(Instant::now());
        let batch = loop {
            let first = self.wait();
            self.load.look(Instant::now());
            let ended = matches!(first, Err(RecvTimeoutError::Disconnected));
            let mut urgent = Vec::new();
            for (job, urgency) in first.into_iter().chain(self.coming.try_iter()).take(BATCH) {
                match urgency {
                    Urgency::Urgent => urgent.push(job),
                    Urgency::CanWait => self.patient.push_back((job, Instant::now())),
                }
            }
            self.load.urgent = !urgent.is_empty();
            let patient_enough = self.patient.front().is_some_and(|(_, since)| since.elapsed() >= PATIENCE);
            if ended || patient_enough || !self.load.is_high() {
                urgent.extend(self.patient.drain(..).map(|(job, _)| job));
            }
            if ended || !urgent.is_empty() {
                break urgent;
            }
        };
        (!batch.is_empty()).then_some(batch)
    }

    fn wait(&mut self) -> Result<(J, Urgency), RecvTimeoutError> {
        self.load.urgent = false;
        if self.patient.is_empty() {
            self.coming.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            self.coming.recv_timeout(REST)
        }
    }
}

/// The share of its time in which the writer had urgent work, as a moving average.
struct Load {
    share: f64,
    looked: Instant,
    /// Whether it has had urgent work since then.
    urgent: bool,
}

impl Load {
    fn new(now: Instant) -> Self {
        Self { share: 0.0, looked: now, urgent: false }
    }

    /// Adds the time since the last look.
    fn look(&mut self, now: Instant) {
        let past = now.duration_since(self.looked).as_secs_f64();
        let target = if self.urgent { 1.0 } else { 0.0 };
        self.share = target + (self.share - target) * (-past / OF_LATE.as_secs_f64()).exp();
        self.looked = now;
    }

    fn is_high(&self) -> bool {
        self.share > BUSY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A writer that has had no rest for long.
    fn busy() -> (Jobs<&'static str>, Queue<&'static str>) {
        let (jobs, mut queue) = new();
        queue.load.share = 1.0;
        (jobs, queue)
    }

    #[test]
    fn a_writer_with_rest_does_what_can_wait_at_once() {
        let (jobs, mut queue) = new();
        jobs.send("later", Urgency::CanWait).unwrap();
        jobs.send("now", Urgency::Urgent).unwrap();
        assert_eq!(queue.next_batch(), Some(vec!["now", "later"]));
    }

    #[test]
    fn a_busy_writer_does_first_what_somebody_waits_for() {
        let (jobs, mut queue) = busy();
        jobs.send("later", Urgency::CanWait).unwrap();
        jobs.send("now", Urgency::Urgent).unwrap();
        assert_eq!(queue.next_batch(), Some(vec!["now"]));
        assert_eq!(queue.patient.len(), 1);
    }

    #[test]
    fn what_can_wait_is_done_when_the_writer_comes_to_rest() {
        let (jobs, mut queue) = busy();
        jobs.send("later", Urgency::CanWait).unwrap();
        assert_eq!(queue.next_batch(), Some(vec!["later"]));
    }

    #[test]
    fn what_has_waited_for_long_is_done_however_busy_the_writer_is() {
        let (jobs, mut queue) = busy();
        let since = Instant::now().checked_sub(PATIENCE).unwrap();
        queue.patient.push_back(("later", since));
        jobs.send("now", Urgency::Urgent).unwrap();
        assert_eq!(queue.next_batch(), Some(vec!["now", "later"]));
    }

    #[test]
    fn everything_is_done_before_the_end() {
        let (jobs, mut queue) = busy();
        jobs.send("later", Urgency::CanWait).unwrap();
        drop(jobs);
        assert_eq!(queue.next_batch(), Some(vec!["later"]));
        assert_eq!(queue.next_batch(), None);
    }

    #[test]
    fn the_load_follows_what_is_done_of_late() {
        let begun = Instant::now();
        let mut load = Load::new(begun);
        load.urgent = true;
        load.look(begun + OF_LATE);
        assert!(!load.is_high(), "after {OF_LATE:?} of work it is {}", load.share);
        load.look(begun + 2 * OF_LATE);
        assert!(load.is_high(), "after twice as much it is {}", load.share);
        load.urgent = false;
        load.look(begun + 3 * OF_LATE);
        assert!(!load.is_high(), "after a rest it is {}", load.share);
    }
}
