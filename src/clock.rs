//! The time: the system's, or one that a test sets.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// Milliseconds since the epoch, the unit of every stored time. The wire has seconds.
pub type Millis = i64;

/// Tells the time. Clones of a set clock share it.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// Stands still until it is set again.
    Set(Arc<watch::Sender<Millis>>),
}

impl Clock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn set_at(now: Millis) -> Self {
        Self::Set(Arc::new(watch::Sender::new(now)))
    }

    /// Moves a set clock and wakes those who wait for the time; the system's clock stays as it is.
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

    /// Waits until it is `time`, or for ever when there is none.
    pub async fn sleep_until(&self, time: Option<Millis>) {
        let Some(time) = time else { return std::future::pending().await };
        match self {
            Self::System => {
                let left = time.saturating_sub(self.now());
                tokio::time::sleep(Duration::from_millis(u64::try_from(left).unwrap_or(0))).await;
            }
            // The sender lives as long as this clock, so the wait can't break off.
            Self::Set(clock) => drop(clock.subscribe().wait_for(|now| *now >= time).await),
        }
    }
}

/// Whole seconds since the epoch, as the protocols show a time.
#[must_use]
pub fn seconds(time: Millis) -> i64 {
    time.div_euclid(1000)
}

/// A time that a protocol gave in seconds.
#[must_use]
pub fn millis(seconds: i64) -> Millis {
    seconds.saturating_mul(1000)
}
