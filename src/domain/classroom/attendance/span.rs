//! The arithmetic of attendance: time spans within a lesson. Overlapping time is counted once.

use crate::clock::{Millis, ended};
use crate::store::classroom::class::Class;

/// A half-open time span: it includes `from` and excludes `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the two times")]
pub struct Span {
    pub from: Millis,
    pub until: Millis,
}

/// A device was switched on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "when, and which of the two")]
pub struct Switched {
    pub at: Millis,
    pub is_on: bool,
}

/// The time in which a class is taught: from its real start to its real end, or to now while it is in progress.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The real time span; `None` before the class begins.
    pub taught: Option<Span>,
    /// The scheduled start and end.
    pub planned: Span,
    /// The current time, which counts as the end of an open session.
    pub now: Millis,
}

impl Lesson {
    /// The lesson of a class at the time `now`.
    #[must_use]
    pub fn of(class: &Class, now: Millis) -> Self {
        let until = if class.real_stop_time > 0 { class.real_stop_time } else { ended(class.real_start_time, now) };
        let taught = (class.real_start_time > 0).then_some(Span { from: class.real_start_time, until });
        Self { taught, planned: Span { from: class.start_time, until: class.stop_time }, now }
    }

    /// The span of a session; an open session ends now.
    #[must_use]
    pub fn session(&self, enter: Millis, quit: Option<Millis>) -> Span {
        Span { from: enter, until: ended(enter, quit.unwrap_or(self.now)) }
    }

    /// The parts of the spans that lie in the lesson, in order. Parts that touch or overlap are merged.
    fn clipped(&self, spans: impl Iterator<Item = Span>) -> Vec<Span> {
        let Some(taught) = self.taught else { return Vec::new() };
        let mut parts: Vec<Span> = spans
            .map(|span| Span { from: span.from.max(taught.from), until: span.until.min(taught.until) })
            .filter(|span| span.from < span.until)
            .collect();
        parts.sort_unstable_by_key(|span| span.from);
        let mut joined: Vec<Span> = Vec::with_capacity(parts.len());
        for part in parts {
            match joined.last_mut() {
                Some(last) if part.from <= last.until => last.until = last.until.max(part.until),
                _ => joined.push(part),
            }
        }
        joined
    }

    /// How much of the lesson the spans cover, in milliseconds.
    #[must_use]
    pub fn within(&self, spans: impl Iterator<Item = Span>) -> Millis {
        self.clipped(spans).iter().map(|span| span.until - span.from).sum()
    }

    /// How late a user with these sessions came, in milliseconds, counted from the real or the scheduled start,
    /// whichever is later.
    #[must_use]
    pub fn late_by(&self, sessions: &[Span]) -> Millis {
        let Some(taught) = self.taught else { return 0 };
        let first = self.clipped(sessions.iter().copied()).first().copied();
        first.map_or(0, |first| (first.from - taught.from.max(self.planned.from)).max(0))
    }

    /// How early a user with these sessions left, in milliseconds, counted from the real or the scheduled end,
    /// whichever is earlier.
    #[must_use]
    pub fn left_early_by(&self, sessions: &[Span]) -> Millis {
        let Some(taught) = self.taught else { return 0 };
        let last = self.clipped(sessions.iter().copied()).last().copied();
        // For a lesson that began after its scheduled end only the real end counts.
        let end = if self.planned.until > taught.from { taught.until.min(self.planned.until) } else { taught.until };
        last.map_or(0, |last| (end - last.until).max(0))
    }
}

impl Span {
    /// The parts of a session during which a device was on. Devices are off when a session begins.
    #[must_use]
    pub fn while_on(&self, switches: &[Switched]) -> Vec<Span> {
        let mut parts = Vec::new();
        let mut on_since: Option<Millis> = None;
        for switch in switches {
            let at = switch.at.clamp(self.from, self.until);
            match (switch.is_on, on_since) {
                (true, None) => on_since = Some(at),
                (false, Some(from)) => {
                    parts.push(Span { from, until: at });
                    on_since = None;
                }
                _ => {}
            }
        }
        parts.extend(on_since.map(|from| Span { from, until: self.until }));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::{Lesson, Span, Switched};
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// The model uses few distinct times, so that the test can check each of them.
    const LAST: i64 = 60;

    fn span() -> impl Strategy<Value = Span> {
        (0..LAST, 0..LAST).prop_map(|(from, until)| Span { from: from.min(until), until: from.max(until) })
    }

    fn lesson() -> impl Strategy<Value = Lesson> {
        (proptest::option::of(span()), span(), 0..LAST).prop_map(|(taught, planned, now)| Lesson {
            taught,
            planned,
            now,
        })
    }

    fn has(span: Span, second: i64) -> bool {
        (span.from..span.until).contains(&second)
    }

    proptest! {
        #[test]
        fn what_is_counted_is_what_a_look_at_each_second_counts(
            lesson in lesson(),
            entered in vec((0..LAST, proptest::option::of(0..LAST)), 0..6),
        ) {
            let sessions: Vec<Span> = entered.iter().map(|(enter, quit)| lesson.session(*enter, *quit)).collect();
            let there = |second: i64| {
                entered.iter().any(|(enter, quit)| *enter <= second && second < quit.unwrap_or(lesson.now))
                    && lesson.taught.is_some_and(|taught| has(taught, second))
            };
            let seconds: Vec<i64> = (0..LAST).filter(|second| there(*second)).collect();
            prop_assert_eq!(lesson.within(sessions.iter().copied()), i64::try_from(seconds.len()).unwrap());

            // Late: the seconds, both taught and scheduled, before the first second present.
            let due = |second: i64| lesson.taught.is_some_and(|taught| has(taught, second));
            let late = seconds.first().map_or(0, |first| {
                (0..*first).filter(|second| due(*second) && *second >= lesson.planned.from).count()
            });
            prop_assert_eq!(lesson.late_by(&sessions), i64::try_from(late).unwrap());

            let overran = |second: i64| {
                second >= lesson.planned.until
                    && lesson.taught.is_some_and(|taught| lesson.planned.until > taught.from)
            };
            let early = seconds.last().map_or(0, |last| {
                (*last + 1..LAST).filter(|second| due(*second) && !overran(*second)).count()
            });
            prop_assert_eq!(lesson.left_early_by(&sessions), i64::try_from(early).unwrap());
        }

        #[test]
        fn a_device_is_on_exactly_in_the_seconds_after_it_went_on(
            session in span(),
            mut switched in vec((0..LAST, any::<bool>()), 0..8),
        ) {
            switched.sort_by_key(|(at, _)| *at);
            let switches: Vec<Switched> = switched.iter().map(|(at, is_on)| Switched { at: *at, is_on: *is_on }).collect();
            let parts = session.while_on(&switches);
            for second in 0..LAST {
                let last = switched.iter().rev().find(|(at, _)| *at <= second);
                let is_on = has(session, second) && last.is_some_and(|(_, is_on)| *is_on);
                prop_assert_eq!(parts.iter().any(|part| has(*part, second)), is_on, "{}", second);
            }
        }
    }
}
