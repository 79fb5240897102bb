//! The time: the system's, or one that a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since the epoch, the unit of every stored time. The wire has seconds.
pub type Millis = i64;

/// Tells the time. Clones of a set clock share it.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// Stands still until it is set again.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn set_at(now: Millis) -> Self {
        Self::Set(Arc::new(AtomicI64::new(now)))
    }

    /// Moves a set clock; the system's clock stays as it is.
    pub fn set(&self, now: Millis) {
        if let Self::Set(time) = self {
            time.store(now, Ordering::SeqCst);
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub fn now(&self) -> Millis {
        match self {
            Self::System => chrono::Utc::now().timestamp_millis(),
            Self::Set(time) => time.load(Ordering::SeqCst),
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
