//! Which classes are shown live by this instance: as many at once as it may.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use super::sink::{LivePacket, LiveSink};
use crate::domain::classroom::live::OnAir;
use crate::integrations::ffmpeg::Ffmpeg;
use crate::media::TrackSink;
use crate::storage::Storage;

/// What passes the packets of a class to a sink from now on.
type Tap = dyn Fn(Arc<dyn TrackSink>) + Send + Sync;

/// Shows classes live.
pub struct Live {
    pub(super) ffmpeg: Arc<Ffmpeg>,
    pub(super) storage: Storage,
    room: Arc<Semaphore>,
    jobs: mpsc::UnboundedSender<Job>,
    waiting: Mutex<Option<mpsc::UnboundedReceiver<Job>>>,
}

/// A class that is shown. It is over when this is dropped.
pub struct Showing {
    _tap: Arc<Tap>,
    _stop: watch::Sender<()>,
}

/// A class to show.
pub(super) struct Job {
    pub class: OnAir,
    pub packets: mpsc::Receiver<LivePacket>,
    pub stop: Stop,
    sink: Arc<LiveSink>,
    /// Not used any more when the class is over: it may be shown anew, with another sink.
    tap: Weak<Tap>,
    _room: OwnedSemaphorePermit,
}

/// Whether a class is over.
pub(super) struct Stop(watch::Receiver<()>);

impl Live {
    /// Shows this many classes at once.
    #[must_use]
    pub fn new(ffmpeg: Arc<Ffmpeg>, storage: Storage, classes: usize) -> Self {
        let (jobs, waiting) = mpsc::unbounded_channel();
        let waiting = Mutex::new(Some(waiting));
        Self { ffmpeg, storage, room: Arc::new(Semaphore::new(classes)), jobs, waiting }
    }

    /// Shows a class. `tap` is called when pictures are to begin with key frames. `None` when as many classes are shown as may be.
    pub fn begin(&self, class: OnAir, tap: impl Fn(Arc<dyn TrackSink>) + Send + Sync + 'static) -> Option<Showing> {
        let room = self.room.clone().try_acquire_owned().ok()?;
        let (sink, packets) = LiveSink::new();
        let tap: Arc<Tap> = Arc::new(tap);
        let (stop, stopped) = watch::channel(());
        let (stopped, weak) = (Stop(stopped), Arc::downgrade(&tap));
        let job = Job { class, packets, stop: stopped, sink, tap: weak, _room: room };
        // The worker has ended only when the instance stops.
        self.jobs.send(job).ok()?;
        Some(Showing { _tap: tap, _stop: stop })
    }

    /// The classes to show. They can be taken once; later calls return `None`.
    pub(super) fn jobs(&self) -> Option<mpsc::UnboundedReceiver<Job>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Job {
    /// Passes packets to the sink from now on. Pictures begin with key frames.
    pub fn tap(&self) {
        if let Some(tap) = self.tap.upgrade() {
            tap(self.sink.clone());
        }
    }
}

impl Stop {
    /// Waits until the class is over.
    pub async fn over(&mut self) {
        while self.0.changed().await.is_ok() {}
    }

    /// Whether the class is over.
    pub fn is_over(&self) -> bool {
        self.0.has_changed().is_err()
    }
}
