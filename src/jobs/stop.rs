//! The stop signal of the workers.

use tokio::sync::watch;

/// Requests the stop. Dropping it requests the stop too.
#[derive(Debug)]
pub(super) struct Stopper(watch::Sender<bool>);

/// The stop signal that a worker receives. Clones receive the same signal.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// A new stop signal and its receiver.
pub(super) fn signal() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    pub(super) fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Waits until the stop is requested.
    pub async fn requested(&self) {
        // An error means that the sender was dropped, which also requests the stop.
        drop(self.0.clone().wait_for(|stopping| *stopping).await);
    }

    /// Whether the stop was requested.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_signal_is_heard_by_all_before_and_after_it_is_given() {
        let (stopper, stop) = signal();
        let other = stop.clone();
        assert!(!stop.is_requested() && stop.requested().now_or_never().is_none());
        stopper.stop();
        stop.requested().await;
        assert!(other.is_requested());
        other.requested().await;
    }

    #[tokio::test]
    async fn a_dropped_sender_is_a_signal() {
        let (stopper, stop) = signal();
        drop(stopper);
        stop.requested().await;
        assert!(stop.is_requested());
    }
}
