//! Computes the start times of the lessons of a course from its times. All days and times of day are in Beijing time,
//! which is UTC+8 without daylight saving time.

use std::collections::BTreeSet;

use crate::clock::Millis;

/// The offset of Beijing time from UTC.
const AHEAD: Millis = 8 * 3_600_000;
const MINUTE: Millis = 60_000;
const DAY: Millis = 86_400_000;
/// The epoch was a Thursday, three days after a Monday.
const EPOCH_AFTER_MONDAY: i64 = 3;

/// A time of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Any moment of its first day.
    pub start: Millis,
    /// When a lesson begins, in minutes after midnight.
    pub minute: i64,
    /// Its days.
    pub days: Days,
}

/// The days of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Days {
    /// Only the first day.
    Once,
    /// Every day.
    Daily,
    /// These days of every week, from 1 for Monday.
    Weekly(BTreeSet<u8>),
}

impl Slot {
    /// Its first day, in days since the epoch.
    fn first_day(&self) -> i64 {
        day_of(self.start)
    }

    /// The days of the slot, in order. `period` counts days, or calendar weeks beginning with the Monday of the first
    /// week. Days before the first day are left out.
    fn days(&self, period: i64) -> Box<dyn Iterator<Item = i64> + '_> {
        let first = self.first_day();
        match &self.days {
            Days::Once => Box::new(std::iter::once(first)),
            Days::Daily => Box::new(first..first.saturating_add(period)),
            Days::Weekly(points) => {
                let monday = first - (first + EPOCH_AFTER_MONDAY).rem_euclid(7);
                let mondays = (0..period).map(move |week| monday + 7 * week);
                let days =
                    mondays.flat_map(move |monday| points.iter().map(move |point| monday + i64::from(*point) - 1));
                Box::new(days.skip_while(move |day| *day < first))
            }
        }
    }
}

/// The start times of the lessons of all slots, sorted, without duplicates. `None` when there are more than `at_most`.
#[must_use]
pub fn starts(slots: &[Slot], period: i64, at_most: usize) -> Option<Vec<Millis>> {
    let mut starts = BTreeSet::new();
    for slot in slots {
        for day in slot.days(period.max(1)) {
            starts.insert(day.saturating_mul(DAY) + slot.minute * MINUTE - AHEAD);
            if starts.len() > at_most {
                return None;
            }
        }
    }
    Some(starts.into_iter().collect())
}

/// The beginning of the day of a moment.
#[must_use]
pub fn midnight(moment: Millis) -> Millis {
    day_of(moment).saturating_mul(DAY) - AHEAD
}

/// The day of a moment, in days since the epoch.
fn day_of(moment: Millis) -> i64 {
    moment.saturating_add(AHEAD).div_euclid(DAY)
}

/// The time of day at which a lesson ends, in minutes after midnight.
#[must_use]
pub fn end_minute(minute: i64, duration: Millis) -> i64 {
    (minute + duration / MINUTE).rem_euclid(DAY / MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Days as ChronoDays, NaiveDate, NaiveTime, TimeDelta};
    use proptest::prelude::*;

    /// Thursday 2019-02-28, the day in the example of the protocol document.
    const EXAMPLE: Millis = 1_551_283_200_000;

    fn weekly(points: &[u8]) -> Days {
        Days::Weekly(points.iter().copied().collect())
    }

    fn slot(start: Millis, minute: i64, days: Days) -> Slot {
        Slot { start, minute, days }
    }

    #[test]
    fn the_example_of_the_document_has_the_lessons_it_says() {
        let lessons = starts(&[slot(EXAMPLE, 11 * 60 + 20, weekly(&[3, 4, 5]))], 22, 1000).unwrap();
        assert_eq!(lessons.len(), 65);
        assert_eq!(lessons[0], 1_551_324_000_000);
        assert_eq!(lessons[64] + 2_700_000, 1_564_113_900_000);
        assert_eq!(end_minute(11 * 60 + 20, 2_700_000), 12 * 60 + 5);
    }

    #[test]
    fn times_together_have_each_lesson_once() {
        let weekly = slot(EXAMPLE, 680, weekly(&[3, 4, 5]));
        let once = |minute| slot(EXAMPLE, minute, Days::Once);
        assert_eq!(starts(&[weekly.clone(), once(14 * 60 + 20)], 22, 1000).unwrap().len(), 66);
        assert_eq!(starts(&[weekly.clone(), weekly, once(680)], 22, 1000).unwrap().len(), 65);
    }

    #[test]
    fn a_lesson_that_goes_past_midnight_ends_on_the_clock_of_the_next_day() {
        assert_eq!(end_minute(23 * 60 + 30, 45 * MINUTE), 15);
    }

    #[test]
    fn more_lessons_than_allowed_are_none() {
        assert!(starts(&[slot(EXAMPLE, 0, Days::Daily)], 10, 10).is_some());
        assert!(starts(&[slot(EXAMPLE, 0, Days::Daily)], 11, 10).is_none());
        assert!(starts(&[slot(EXAMPLE, 0, Days::Daily)], i64::MAX, 10).is_none());
    }

    /// A simple model: checks every slot on every day.
    fn model(slots: &[Slot], period: u32) -> Vec<Millis> {
        let first = NaiveDate::from_ymd_opt(2018, 11, 1).unwrap();
        let mut found = Vec::new();
        for date in (0..500).map(|day| first + ChronoDays::new(day)) {
            for slot in slots {
                let begin = chrono::DateTime::from_timestamp_millis(slot.start).unwrap().naive_utc();
                let begin = (begin + TimeDelta::hours(8)).date();
                let monday = begin.week(chrono::Weekday::Mon).first_day();
                let comes = match &slot.days {
                    Days::Once => date == begin,
                    Days::Daily => date >= begin && date < begin + ChronoDays::new(period.into()),
                    Days::Weekly(points) => {
                        let is_on = points.iter().any(|point| u32::from(*point) == date.weekday().number_from_monday());
                        is_on && date >= begin && date < monday + ChronoDays::new(u64::from(period) * 7)
                    }
                };
                let minute = u32::try_from(slot.minute).unwrap();
                let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
                if comes {
                    found.push((date.and_time(time) - TimeDelta::hours(8)).and_utc().timestamp_millis());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn days() -> impl Strategy<Value = Days> {
        let points = proptest::collection::btree_set(1_u8..=7, 1..=7);
        prop_oneof![Just(Days::Once), Just(Days::Daily), points.prop_map(Days::Weekly)]
    }

    fn any_slot() -> impl Strategy<Value = Slot> {
        // From autumn 2018 past the end of the year, at any second of the day.
        let begin = 1_541_030_400_i64;
        ((begin..begin + 150 * 86_400), 0_i64..1440, days()).prop_map(|(second, minute, days)| Slot {
            start: second * 1000,
            minute,
            days,
        })
    }

    proptest! {
        #[test]
        fn the_lessons_are_those_that_a_look_at_each_day_finds(
            slots in proptest::collection::vec(any_slot(), 0..4),
            period in 1_u32..30,
        ) {
            prop_assert_eq!(starts(&slots, period.into(), 10_000).unwrap(), model(&slots, period));
        }

        #[test]
        fn the_day_counts_and_not_the_hour_it_is_named_with(slot in any_slot(), other in 0_i64..86_400) {
            let midnight = (slot.start + AHEAD).div_euclid(DAY) * DAY - AHEAD;
            let named = Slot { start: midnight + other * 1000, ..slot.clone() };
            prop_assert_eq!(starts(&[slot], 5, 1000), starts(&[named], 5, 1000));
        }
    }
}
