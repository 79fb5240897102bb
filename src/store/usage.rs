//! What an enterprise used on each day: rows that a worker counts, so that no page counts millions of rows.

use std::ops::Range;

use diesel::sql_types::BigInt;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::classroom::class::BEGIN;
use crate::store::content::file;
use crate::store::ids::{EnterpriseId, EventId};
use crate::store::schema::events;
use crate::store::schema::usage_days::dsl;

/// A day of an enterprise.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct UsageDay {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The number of days since 1970-01-01, in UTC.
    pub day: i64,
    /// How many classes began.
    pub classes: i64,
    /// How many different people were inside these classes.
    pub people: i64,
    /// How long they were inside, all together, in minutes.
    pub minutes: i64,
    /// How much was stored when the day was counted last, in bytes; `None` for a day before the first count.
    pub storage_bytes: Option<i64>,
    /// Deliveries of the events of the day that were delivered.
    pub delivered: i64,
    /// Those that were given up.
    pub given_up: i64,
    /// When it was counted last.
    pub count_time: Millis,
}

/// What was counted in classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, QueryableByName)]
pub struct Attended {
    /// How many people there were.
    #[diesel(sql_type = BigInt)]
    pub people: i64,
    /// How long they were inside, all together, in milliseconds.
    #[diesel(sql_type = BigInt)]
    pub millis: i64,
}

/// What was counted of deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, QueryableByName)]
pub struct Settled {
    /// Those that were delivered.
    #[diesel(sql_type = BigInt)]
    pub delivered: i64,
    /// Those that were given up.
    #[diesel(sql_type = BigInt)]
    pub given_up: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Returns the days of an enterprise from one on, in order.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, since: i64) -> Result<Vec<UsageDay>> {
    dsl::usage_days.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::day.ge(since)).order(dsl::day).load(conn)
}

/// Writes a day, in place of what was counted before. What was stored on a day that is over is kept.
pub fn write(conn: &mut Conn, day: &UsageDay) -> Result<()> {
    let UsageDay { enterprise_id, day, classes, people, minutes, storage_bytes, delivered, given_up, count_time } = day;
    let storage_bytes = storage_bytes.map_or_else(|| "NULL".to_owned(), |bytes| bytes.to_string());
    // The values are our own numbers, so they need no binding.
    let query = format!(
        "INSERT INTO usage_days VALUES ({enterprise_id}, {day}, {classes}, {people}, {minutes}, {storage_bytes}, \
         {delivered}, {given_up}, {count_time}) ON CONFLICT (enterprise_id, day) DO UPDATE SET \
         classes = excluded.classes, people = excluded.people, minutes = excluded.minutes, \
         storage_bytes = coalesce(excluded.storage_bytes, usage_days.storage_bytes), \
         delivered = excluded.delivered, given_up = excluded.given_up, count_time = excluded.count_time"
    );
    diesel::sql_query(query).execute(conn).map(drop)
}

/// The classes of an enterprise that began within a time, as a condition.
fn began(enterprise_id: EnterpriseId, Range { start, end }: &Range<Millis>) -> String {
    format!(
        "classes.enterprise_id = {enterprise_id} AND {BEGIN} >= {start} AND {BEGIN} < {end} AND real_start_time > 0"
    )
}

/// Counts the classes that began within a time.
pub fn classes(conn: &mut Conn, enterprise_id: EnterpriseId, within: &Range<Millis>) -> Result<i64> {
    let query = format!("SELECT count(*) AS number FROM classes WHERE {}", began(enterprise_id, within));
    Ok(diesel::sql_query(query).get_result::<Number>(conn)?.number)
}

/// Counts who was inside the classes that began within a time, and for how long until `now`.
pub fn attended(conn: &mut Conn, enterprise_id: EnterpriseId, within: &Range<Millis>, now: Millis) -> Result<Attended> {
    let query = format!(
        "SELECT count(DISTINCT sessions.user_id) AS people, \
         CAST(coalesce(sum(coalesce(sessions.quit_time, {now}) - sessions.enter_time), 0) AS BIGINT) AS millis \
         FROM classes JOIN sessions ON sessions.class_id = classes.class_id \
         AND sessions.enterprise_id = classes.enterprise_id WHERE {}",
        began(enterprise_id, within)
    );
    diesel::sql_query(query).get_result(conn)
}

/// Returns the first event of an enterprise since a time. Events are in the order of their ids, so that a few steps find it
/// among any number.
pub fn first_event(conn: &mut Conn, enterprise_id: EnterpriseId, since: Millis) -> Result<EventId> {
    let mut at_or_after = |event_id: i64| -> Result<Option<(i64, Millis)>> {
        let found = events::table
            .filter(events::enterprise_id.eq(enterprise_id))
            .filter(events::event_id.ge(event_id))
            .order(events::event_id)
            .limit(1)
            .select((events::event_id, events::create_time))
            .load::<(i64, Millis)>(conn)?;
        Ok(found.into_iter().next())
    };
    let (mut low, mut high) = (0, 1);
    while let Some((event_id, time)) = at_or_after(high)? {
        if time >= since {
            break;
        }
        low = event_id.saturating_add(1);
        high = low.saturating_mul(2);
    }
    while low < high {
        let middle = low.midpoint(high);
        match at_or_after(middle)? {
            Some((event_id, time)) if time < since => low = event_id.saturating_add(1),
            _ => high = middle,
        }
    }
    Ok(EventId(low))
}

/// Counts the deliveries of the events of an enterprise with these ids.
pub fn settled(conn: &mut Conn, enterprise_id: EnterpriseId, events: &Range<EventId>) -> Result<Settled> {
    let query = format!(
        "SELECT count(CASE WHEN deliveries.state = 'delivered' THEN 1 END) AS delivered, \
         count(CASE WHEN deliveries.state = 'dead' THEN 1 END) AS given_up \
         FROM events JOIN deliveries ON deliveries.event_id = events.event_id \
         WHERE events.enterprise_id = {enterprise_id} AND events.event_id >= {} AND events.event_id < {}",
        events.start, events.end
    );
    diesel::sql_query(query).get_result(conn)
}

/// Returns how much an enterprise stores, in bytes.
pub fn stored(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<i64> {
    let query = format!(
        "SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) AS number FROM files \
         WHERE enterprise_id = {enterprise_id} AND state = '{}'",
        file::State::Kept
    );
    Ok(diesel::sql_query(query).get_result::<Number>(conn)?.number)
}
