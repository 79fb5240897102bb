//! Exponential back-off: how long to wait after a failure before the next attempt.

use std::time::Duration;

use crate::clock::Millis;

/// More doublings than any limit needs. It keeps the shift in range.
const MOST_DOUBLINGS: u32 = 30;

/// Exponential back-off with a cap. It needs no jitter, because only one worker at a time retries a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    first: Millis,
    longest: Millis,
}

impl Backoff {
    /// Waits `first` after the first failure, then twice as long each time, and at most `longest`.
    #[must_use]
    pub const fn doubling(first: Millis, longest: Millis) -> Self {
        Self { first, longest }
    }

    /// How long to wait after this many consecutive failures. Less than 1 counts as 1.
    #[must_use]
    pub fn after(self, failures: i64) -> Millis {
        let doublings = u32::try_from(failures.saturating_sub(1).max(0)).unwrap_or(u32::MAX).min(MOST_DOUBLINGS);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }

    /// As [`Backoff::after`], as a [`Duration`].
    #[must_use]
    pub fn pause(self, failures: i64) -> Duration {
        Duration::from_millis(u64::try_from(self.after(failures)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60_000;
    const DAY: Millis = 86_400_000;

    #[test]
    fn each_pause_is_twice_as_long_as_the_one_before_up_to_the_longest() {
        let backoff = Backoff::doubling(MINUTE, DAY);
        let pauses: Vec<Millis> = (1..=12).map(|failures| backoff.after(failures) / MINUTE).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440]);
        assert_eq!(backoff.pause(2), Duration::from_mins(2));
    }

    #[test]
    fn no_number_of_failures_is_out_of_range() {
        let backoff = Backoff::doubling(MINUTE, DAY);
        assert_eq!((backoff.after(0), backoff.after(i64::MIN), backoff.after(i64::MAX)), (MINUTE, MINUTE, DAY));
        assert_eq!(Backoff::doubling(Millis::MAX, Millis::MAX).after(9), Millis::MAX);
    }
}
