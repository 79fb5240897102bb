//! The writing end of a connection over which a page sends and gets its media: see [`super::tcp`].

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::mpsc;

/// No thread has the media session yet.
const NOBODY: usize = usize::MAX;

/// The writing end of a connection.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    frames: mpsc::Sender<Bytes>,
    /// The thread that has the media session.
    owner: Arc<AtomicUsize>,
}

impl Connection {
    /// A connection on which so many frames may wait, and the end from which they are written.
    pub fn new(waiting: usize) -> (Self, mpsc::Receiver<Bytes>) {
        let (frames, written) = mpsc::channel(waiting);
        (Self { frames, owner: Arc::new(AtomicUsize::new(NOBODY)) }, written)
    }

    /// The thread that has the media session; [`usize::MAX`] for none yet.
    pub fn owner(&self) -> usize {
        self.owner.load(Ordering::Relaxed)
    }

    /// Writes a frame if there is room for it.
    pub fn send(&self, frame: Bytes) {
        // The network loses it.
        let _ = self.frames.try_send(frame);
    }

    /// The media session of the connection is in this thread.
    pub fn belongs_to(&self, thread: usize) {
        self.owner.store(thread, Ordering::Relaxed);
    }
}
