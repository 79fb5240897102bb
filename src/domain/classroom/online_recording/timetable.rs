//! The times of a video, and the times of the class that it shows: pauses are left out.

use crate::clock::Millis;
use crate::store::classroom::online_recording::OnlineRecording;

/// A longer video is not made: the class was forgotten.
const LONGEST: Millis = 86_400_000;

/// The times that a video shows, in their order.
#[derive(Clone, Debug)]
pub struct Timetable(Vec<(Millis, Millis)>);

/// An interval of a class that a video shows without a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// When it begins in the class.
    pub time: Millis,
    /// Where it begins in the video.
    pub position: Millis,
    /// How long it is.
    pub length: Millis,
}

impl Timetable {
    /// The times in which a class was recorded.
    #[must_use]
    pub fn of(recording: &OnlineRecording) -> Self {
        let end = recording.end_time.unwrap_or(recording.begin_time);
        Self::new(recording.spans.iter().map(|span| (span.begin, span.end.unwrap_or(end))))
    }

    /// All times from one to another.
    #[must_use]
    pub fn between(begin: Millis, end: Millis) -> Self {
        Self::new(std::iter::once((begin, end)))
    }

    fn new(spans: impl Iterator<Item = (Millis, Millis)>) -> Self {
        let mut left = LONGEST;
        let mut cut = Vec::new();
        for (begin, end) in spans {
            let length = (end - begin).clamp(0, left);
            left -= length;
            if length > 0 {
                cut.push((begin, begin + length));
            }
        }
        Self(cut)
    }

    /// When the video begins in the class.
    #[must_use]
    pub fn begin(&self) -> Millis {
        self.0.first().map_or(0, |(begin, _)| *begin)
    }

    /// How long the video is.
    #[must_use]
    pub fn length(&self) -> Millis {
        self.0.iter().map(|(begin, end)| end - begin).sum()
    }

    /// The intervals of the class that the video shows, in their order.
    pub fn intervals(&self) -> impl Iterator<Item = Interval> {
        self.0.iter().scan(0, |passed, (begin, end)| {
            let interval = Interval { time: *begin, position: *passed, length: end - begin };
            *passed += interval.length;
            Some(interval)
        })
    }

    /// How many pictures it has.
    #[must_use]
    pub fn pictures(&self, rate: u32) -> u64 {
        (self.length() * i64::from(rate) / 1_000).unsigned_abs()
    }

    /// The time in the class of each picture.
    pub fn each(&self, rate: u32) -> impl Iterator<Item = Millis> {
        let all = i64::try_from(self.pictures(rate)).unwrap_or(i64::MAX);
        (0..all).map(move |number| self.in_class(number * 1_000 / i64::from(rate)))
    }

    /// The time in the video of a time in the class, which is negative before the begin. A time in a pause is that of its end.
    #[must_use]
    pub fn in_video(&self, at: Millis) -> Millis {
        let mut passed = 0;
        for (number, (begin, end)) in self.0.iter().enumerate() {
            if at < *begin && number > 0 {
                return passed;
            }
            if at < *end {
                return passed + at - begin;
            }
            passed += end - begin;
        }
        passed
    }

    fn in_class(&self, mut at: Millis) -> Millis {
        for (begin, end) in &self.0 {
            if at < end - begin {
                return begin + at;
            }
            at -= end - begin;
        }
        self.0.last().map_or(0, |(_, end)| *end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_left_out() {
        let times = Timetable::new([(1_000, 3_000), (10_000, 11_000)].into_iter());
        assert_eq!((times.length(), times.pictures(2)), (3_000, 6));
        assert_eq!(times.each(2).collect::<Vec<_>>(), [1_000, 1_500, 2_000, 2_500, 10_000, 10_500]);
        let in_video = [0, 1_000, 2_999, 5_000, 10_000, 20_000].map(|at| times.in_video(at));
        assert_eq!(in_video, [-1_000, 0, 1_999, 2_000, 2_000, 3_000]);
        let interval = |time, position, length| Interval { time, position, length };
        assert_eq!(times.intervals().collect::<Vec<_>>(), [interval(1_000, 0, 2_000), interval(10_000, 2_000, 1_000)]);
    }
}
