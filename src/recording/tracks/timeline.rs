//! When frames were made: the sender's clock, laid over the clock of this server. Arrival times alone would shake as the network
//! does, and the sender's clock alone would drift away in a long class.

use std::collections::VecDeque;

/// For how long the packet that was the quickest counts, in microseconds.
const WINDOW: i64 = 10_000_000;
/// How fast the offset may grow, in microseconds a second: more than clocks drift, less than anybody hears.
const GROWTH: i64 = 1_000;
/// How fast it may shrink: a quicker packet is the truth, a slower one may be the network.
const SHRINKING: i64 = 50_000;
/// An offset that differs by more than this, for the whole window, is taken at once.
const FAR: i64 = 2_000_000;
/// A sender's clock that jumps by more than this is another clock.
const ANOTHER: i64 = 60_000_000;

/// Maps the times of one stream to microseconds since the begin of its log.
#[derive(Debug)]
pub struct Timeline {
    rate: i64,
    last: Option<u32>,
    /// The sender's time without its wrap-around, in units.
    units: i64,
    /// Arrival times and differences of arrival and sender's time, with ascending differences.
    quickest: VecDeque<(i64, i64)>,
    offset: Option<i64>,
    at: i64,
}

impl Timeline {
    /// `rate` is that of the RTP clock, in units a second.
    pub fn new(rate: u32) -> Self {
        Self { rate: rate.into(), last: None, units: 0, quickest: VecDeque::new(), offset: None, at: 0 }
    }

    /// The time of a packet that arrived at this time.
    pub fn time(&mut self, rtp: u32, arrived: u64) -> i64 {
        let arrived = i64::try_from(arrived).unwrap_or(i64::MAX);
        if let Some(last) = self.last {
            // Packets may be out of order: the shorter way round is meant.
            let step = i64::from(rtp.wrapping_sub(last).cast_signed());
            if (step * 1_000_000 / self.rate - (arrived - self.at)).abs() > ANOTHER {
                self.quickest.clear();
                self.offset = None;
            }
            self.units += step;
        }
        self.last = Some(rtp);
        let sent = self.units * 1_000_000 / self.rate;
        let difference = arrived - sent;
        while self.quickest.back().is_some_and(|(_, other)| *other >= difference) {
            self.quickest.pop_back();
        }
        self.quickest.push_back((arrived, difference));
        while self.quickest.front().is_some_and(|(at, _)| *at < arrived - WINDOW) {
            self.quickest.pop_front();
        }
        let best = self.quickest.front().map_or(difference, |(_, difference)| *difference);
        let offset = match self.offset {
            None => best,
            Some(offset) if (best - offset).abs() > FAR => best,
            Some(offset) => {
                let passed = (arrived - self.at).clamp(0, 1_000_000);
                let (most, least) = (GROWTH * passed / 1_000_000, SHRINKING * passed / 1_000_000);
                offset + (best - offset).clamp(-least, most)
            }
        };
        (self.offset, self.at) = (Some(offset), arrived);
        sent + offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shaking_network_does_not_shake_the_times() {
        let mut timeline = Timeline::new(90_000);
        for number in 0..1_000_u32 {
            let delay = [0, 30_000, 5_000, 12_000][number as usize % 4];
            let time =
                timeline.time((u32::MAX - 90_000).wrapping_add(number * 3_600), u64::from(number) * 40_000 + delay);
            assert!((time - i64::from(number) * 40_000).abs() < 100, "{number}: {time}");
        }
    }

    #[test]
    fn a_clock_that_drifts_is_followed() {
        let mut timeline = Timeline::new(48_000);
        // 200 parts in a million too slow, for an hour.
        for number in 0..180_000_u32 {
            let true_time = i64::from(number) * 20_004;
            let time = timeline.time(number * 960, true_time.unsigned_abs());
            assert!((time - true_time).abs() < 12_000, "{number}: {}", time - true_time);
        }
    }

    #[test]
    fn packets_that_were_held_up_keep_their_times() {
        let mut timeline = Timeline::new(48_000);
        for number in 0..500_u32 {
            let sent = i64::from(number) * 20_000;
            // From the second second on nothing comes for four seconds, and then everything at once.
            let arrived = if (1_000_000..5_000_000).contains(&sent) { 5_000_000 } else { sent };
            let time = timeline.time(number * 960, arrived.unsigned_abs());
            assert!((time - sent).abs() < 10_000, "{number}: {time}");
        }
    }

    #[test]
    fn who_begins_anew_has_another_clock() {
        let mut timeline = Timeline::new(48_000);
        timeline.time(960, 1_000_000);
        assert_eq!(timeline.time(4_000_000_000, 5_000_000), 5_000_000);
    }
}
