//! What an enterprise used on each day (UTC): which days are to be counted, and counting one.

use std::ops::Range;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::enterprise::Enterprise;
pub use crate::store::usage::{UsageDay, list};

/// The milliseconds of a day.
pub const DAY: Millis = 86_400_000;
/// How often the running day is counted.
pub const EVERY: Millis = 3_600_000;
/// How often a day is counted again whose classes and deliveries may not have ended with it.
const LATER: Millis = 12 * EVERY;
/// For how long after its end a day is counted again.
const SETTLES: Millis = 2 * DAY;
/// How many days before the first count are counted too.
const BEFORE: i64 = 30;

/// The day of a time.
#[must_use]
pub fn day_of(time: Millis) -> i64 {
    time.div_euclid(DAY)
}

/// When a day is.
#[must_use]
pub fn time_of(day: i64) -> Range<Millis> {
    let start = day.saturating_mul(DAY);
    start..start.saturating_add(DAY)
}

/// Returns the days of an enterprise that are to be counted now. Events are removed after `keep_events`; a day that may have lost
/// some is not counted again.
///
/// # Errors
/// Only those of the database.
pub fn due(conn: &mut Conn, enterprise: &Enterprise, keep_events: Millis, now: Millis) -> Result<Vec<i64>> {
    let today = day_of(now);
    let first = day_of(enterprise.create_time).max(today.saturating_sub(BEFORE)).min(today);
    let counted = store::usage::list(conn, enterprise.enterprise_id, first)?;
    let is_due = |day: &i64| match counted.iter().find(|row| row.day == *day) {
        None => true,
        Some(row) => is_due_again(row, keep_events, now),
    };
    Ok((first..=today).filter(is_due).collect())
}

/// Whether a day that was counted is to be counted again.
fn is_due_again(row: &UsageDay, keep_events: Millis, now: Millis) -> bool {
    let Range { start, end } = time_of(row.day);
    let age = now.saturating_sub(row.count_time);
    if now < end {
        // The clock may have been set back.
        return !(0..EVERY).contains(&age);
    }
    let is_whole = now < start.saturating_add(keep_events);
    is_whole && (row.count_time < end || row.count_time < end.saturating_add(SETTLES) && age >= LATER)
}

/// Counts a day of an enterprise.
///
/// # Errors
/// Only those of the database.
pub fn count(conn: &mut Conn, enterprise_id: EnterpriseId, day: i64, now: Millis) -> Result<UsageDay> {
    let within = time_of(day);
    let attended = store::usage::attended(conn, enterprise_id, &within, now)?;
    let events = store::usage::first_event(conn, enterprise_id, within.start)?
        ..store::usage::first_event(conn, enterprise_id, within.end)?;
    let settled = store::usage::settled(conn, enterprise_id, &events)?;
    let storage_bytes = if within.contains(&now) { Some(store::usage::stored(conn, enterprise_id)?) } else { None };
    Ok(UsageDay {
        enterprise_id,
        day,
        classes: store::usage::classes(conn, enterprise_id, &within)?,
        people: attended.people,
        minutes: attended.millis / 60_000,
        storage_bytes,
        delivered: settled.delivered,
        given_up: settled.given_up,
        count_time: now,
    })
}

/// Writes a day that was counted.
///
/// # Errors
/// Only those of the database.
pub fn write(conn: &mut Conn, day: &UsageDay) -> Result<()> {
    Ok(store::usage::write(conn, day)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(day: i64, count_time: Millis) -> UsageDay {
        UsageDay {
            enterprise_id: EnterpriseId(1),
            day,
            classes: 0,
            people: 0,
            minutes: 0,
            storage_bytes: None,
            delivered: 0,
            given_up: 0,
            count_time,
        }
    }

    #[test]
    fn the_running_day_is_counted_every_hour_and_the_last_two_until_they_are_settled() {
        let (noon, keep) = (19_675 * DAY + DAY / 2, 30 * DAY);
        let due = |row, now| is_due_again(&row, keep, now);
        assert!(!due(counted(19_675, noon), noon + EVERY - 1));
        assert!(due(counted(19_675, noon), noon + EVERY));
        assert!(due(counted(19_675, noon + EVERY), noon), "the clock was set back");
        let midnight = time_of(19_675).end;
        assert!(due(counted(19_675, midnight - 1), midnight), "it was not over");
        assert!(!due(counted(19_675, midnight), midnight + LATER - 1));
        assert!(due(counted(19_675, midnight), midnight + LATER));
        assert!(!due(counted(19_675, midnight + SETTLES), midnight + 2 * SETTLES));
        // Its events may be gone.
        assert!(!is_due_again(&counted(19_675, midnight - 1), DAY, midnight));
    }
}
