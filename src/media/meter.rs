//! How much arrives: the bitrate of a stream, and what is let through.

use std::time::{Duration, Instant};

/// Bitrates are measured over this time.
const BYTES_OVER: Duration = Duration::from_millis(500);
/// Frame rates are measured over this time: pictures come unevenly over a network.
const PICTURES_OVER: Duration = Duration::from_secs(2);
/// What is let through at once, in seconds of the rate: a key frame is much larger than other pictures.
const BURST: u64 = 2;

/// The bitrate or the frame rate of an incoming stream.
#[derive(Debug)]
pub(super) struct Meter {
    over: Duration,
    since: Instant,
    amount: u64,
    per_second: u64,
    last: Instant,
}

impl Meter {
    pub fn of_bytes(now: Instant) -> Self {
        Self::over(BYTES_OVER, now)
    }

    pub fn of_pictures(now: Instant) -> Self {
        Self::over(PICTURES_OVER, now)
    }

    fn over(over: Duration, now: Instant) -> Self {
        Self { over, since: now, amount: 0, per_second: 0, last: now }
    }

    /// Counts bytes or pictures.
    pub fn add(&mut self, amount: usize, now: Instant) {
        self.last = now;
        self.amount = self.amount.saturating_add(u64::try_from(amount).unwrap_or(u64::MAX));
        let passed = now.saturating_duration_since(self.since);
        if passed >= self.over {
            let millis = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX).max(1);
            let rate = self.amount.saturating_mul(1_000) / millis;
            // Smoothed, because one picture is larger than the next.
            self.per_second = if self.per_second == 0 { rate } else { u64::midpoint(self.per_second, rate) };
            (self.since, self.amount) = (now, 0);
        }
    }

    /// How much comes in a second; 0 as long as it is not known.
    pub fn per_second(&self) -> u64 {
        self.per_second
    }

    /// When the last packet came.
    pub fn last(&self) -> Instant {
        self.last
    }
}

/// What is let through of one source.
#[derive(Debug)]
pub(super) struct Budget {
    /// In kbit/s, which are bits a millisecond.
    rate: u64,
    bits: u64,
    at: Instant,
}

impl Budget {
    /// Lets this rate through, in kbit/s.
    pub fn new(rate: u64, now: Instant) -> Self {
        Self { rate, bits: rate * 1_000 * BURST, at: now }
    }

    /// Whether a packet is let through.
    pub fn take(&mut self, bytes: usize, now: Instant) -> bool {
        let passed = u64::try_from(now.saturating_duration_since(self.at).as_millis()).unwrap_or(u64::MAX);
        if passed > 0 {
            self.bits = self.bits.saturating_add(passed.saturating_mul(self.rate)).min(self.rate * 1_000 * BURST);
            self.at = now;
        }
        let bits = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(8);
        let is_enough = bits <= self.bits;
        if is_enough {
            self.bits -= bits;
        }
        is_enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_lets_its_rate_through_and_bursts_for_a_moment() {
        let start = Instant::now();
        let mut budget = Budget::new(800, start);
        let mut let_through = 0;
        for millis in 0..10_000 {
            let now = start + Duration::from_millis(millis);
            // 8,000 kbit/s arrive.
            let_through += usize::from(budget.take(1_000, now)) * 8_000;
        }
        let expected = 800 * 10_000 + 800 * 2_000;
        assert!((expected - 16_000..=expected).contains(&let_through), "{let_through}");
    }

    #[test]
    fn a_meter_measures_what_comes_in_a_second() {
        let start = Instant::now();
        let mut bytes = Meter::of_bytes(start);
        let mut pictures = Meter::of_pictures(start);
        for millis in (0..5_000).step_by(10) {
            bytes.add(250, start + Duration::from_millis(millis));
            pictures.add(usize::from(millis % 50 == 0), start + Duration::from_millis(millis));
        }
        assert!((24_000..=26_000).contains(&bytes.per_second()), "{}", bytes.per_second());
        assert!((19..=21).contains(&pictures.per_second()), "{}", pictures.per_second());
    }
}
