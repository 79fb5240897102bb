//! The time: that of the system clock, or one that a test sets.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// Milliseconds since the epoch, the unit of every stored time. The protocols use seconds.
pub type Millis = i64;

/// A source of the current time. Clones of a set clock share its time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system clock.
    #[default]
    System,
    /// A clock that changes only when it is set.
    Set(Arc<watch::Sender<Millis>>),
}

impl Clock {
    /// A clock that is set to `now`.
    #[must_use]
    pub fn set_at(now: Millis) -> Self {
        Self::Set(Arc::new(watch::Sender::new(now)))
    }

    /// Sets the time and wakes the tasks that wait for it. Does nothing to the system clock.
    pub fn set(&self, now: Millis) {
        if let Self::Set(time) = self {
            time.send_replace(now);
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub fn now(&self) -> Millis {
        match self {
            Self::System => chrono::Utc::now().timestamp_millis(),
            Self::Set(time) => *time.borrow(),
        }
    }

    /// Waits until `time`; forever if it is `None`.
    pub async fn sleep_until(&self, time: Option<Millis>) {
        let Some(time) = time else { return std::future::pending().await };
        match self {
            Self::System => {
                let left = time.saturating_sub(self.now());
                tokio::time::sleep(Duration::from_millis(u64::try_from(left).unwrap_or(0))).await;
            }
            // The sender exists as long as this clock, so the wait cannot fail.
            Self::Set(clock) => drop(clock.subscribe().wait_for(|now| *now >= time).await),
        }
    }
}

/// The time at which something ends now that began at `begun`. The clock may have been set back meanwhile; then it ends
/// when it began, so that nothing lasts a negative time. Every end that is stored comes from here.
#[must_use]
pub fn ended(begun: Millis, now: Millis) -> Millis {
    now.max(begun)
}

/// Converts a time to whole seconds, the unit of the protocols.
#[must_use]
pub fn seconds(time: Millis) -> i64 {
    time.div_euclid(1000)
}

/// Converts seconds, the unit of the protocols, to a time.
#[must_use]
pub fn millis(seconds: i64) -> Millis {
    seconds.saturating_mul(1000)
}
