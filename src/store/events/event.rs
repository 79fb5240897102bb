//! Events: what happened. Rows never change.

use super::outbox_entry::OutboxEntry;
use super::payload::EventPayload;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId, EventId, MaybeClassId};
use crate::store::rows::insert_for_ids;
use crate::store::schema::events::dsl;
use crate::store::text::Json;

/// An event.
#[derive(Clone, Debug, Queryable)]
pub struct Event {
    /// The id. Within an enterprise, ids ascend in commit order.
    pub event_id: EventId,
    /// The enterprise of the event.
    pub enterprise_id: EnterpriseId,
    /// The class of the event.
    pub class_id: MaybeClassId,
    /// The number of the event within its class, from 1; 0 without a class.
    pub sequence: i64,
    /// What happened.
    pub payload: Json<EventPayload>,
    /// When it happened.
    pub create_time: Millis,
}

/// Inserts events and returns their ids, in ascending order.
pub(in crate::store) fn insert(conn: &mut Conn, new: &[OutboxEntry]) -> Result<Vec<EventId>> {
    let ids = insert_for_ids!(conn, dsl::events, new, dsl::event_id)?;
    Ok(ids.into_iter().map(EventId).collect())
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The function returns void, which diesel has no type for. The result is never read.
    fn pg_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// Serialises transactions that change the heads of an enterprise's lanes. SQLite has a single writer anyway.
pub(in crate::store) fn lock_order(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<()> {
    one_at_a_time(conn, enterprise_id.0)
}

/// Serialises transactions that assign ids to events. Events are then committed in id order, and a reader of the feed
/// misses none. Take this lock before [`lock_order`].
pub(in crate::store) fn lock_relay(conn: &mut Conn) -> Result<()> {
    // No enterprise has this id.
    one_at_a_time(conn, -1)
}

fn one_at_a_time(conn: &mut Conn, key: i64) -> Result<()> {
    if let Conn::Postgres(c) = conn {
        diesel::select(pg_advisory_xact_lock(key)).execute(c)?;
    }
    Ok(())
}

/// Returns the events after an id, in order, of one class or of all.
pub fn feed(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: Option<ClassId>,
    after: EventId,
    size: i64,
) -> Result<Vec<Event>> {
    let mut query = dsl::events
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::event_id.gt(after))
        .order(dsl::event_id)
        .limit(size)
        .into_boxed();
    if let Some(class_id) = class_id {
        query = query.filter(dsl::class_id.eq(class_id));
    }
    query.load_boxed(conn)
}

/// Returns a bound for the events since a time: those with smaller ids happened earlier. Ids and times ascend together, so that it is
/// found by halves, without an index on the time. Events at the same time as others may be on either side while a clock was set back.
pub fn first_since(conn: &mut Conn, enterprise_id: EnterpriseId, time: Millis) -> Result<EventId> {
    let of_enterprise =
        || dsl::events.filter(dsl::enterprise_id.eq(enterprise_id)).select((dsl::event_id, dsl::create_time));
    let oldest: Option<(EventId, Millis)> =
        of_enterprise().order(dsl::event_id).limit(1).get_result(conn).optional()?;
    let newest: Option<(EventId, Millis)> =
        of_enterprise().order(dsl::event_id.desc()).limit(1).get_result(conn).optional()?;
    let (Some((EventId(mut low), _)), Some((EventId(mut high), last))) = (oldest, newest) else {
        return Ok(EventId(0));
    };
    if last < time {
        return Ok(EventId(high.saturating_add(1)));
    }
    while low < high {
        let middle = low.midpoint(high);
        let next: (EventId, Millis) =
            of_enterprise().filter(dsl::event_id.ge(EventId(middle))).order(dsl::event_id).limit(1).get_result(conn)?;
        if next.1 >= time {
            high = middle;
        } else {
            low = next.0.0.saturating_add(1);
        }
    }
    Ok(EventId(low))
}

/// Returns the oldest events after an id, with their times. Ids and times ascend together, so expired events are found
/// without an index on the time.
pub fn oldest(conn: &mut Conn, after: EventId, at_most: i64) -> Result<Vec<(EventId, Millis)>> {
    dsl::events
        .filter(dsl::event_id.gt(after))
        .order(dsl::event_id)
        .limit(at_most)
        .select((dsl::event_id, dsl::create_time))
        .load(conn)
}

/// Deletes those of these events whose deliveries are all settled, with their attempts. Returns how many. Skips rows
/// that another instance is deleting or replaying.
pub fn forget(conn: &mut Conn, event_ids: &[EventId]) -> Result<usize> {
    use crate::store::schema::deliveries;
    let events = dsl::events.filter(dsl::event_id.eq_any(event_ids)).order(dsl::event_id).select(dsl::event_id);
    let event_ids: Vec<EventId> = match conn {
        Conn::Sqlite(c) => events.load(c)?,
        Conn::Postgres(c) => events.for_update().skip_locked().load(c)?,
    };
    let settled = deliveries::table
        .filter(deliveries::event_id.eq_any(&event_ids))
        .filter(deliveries::settled_time.is_not_null())
        .order(deliveries::delivery_id)
        .select(deliveries::delivery_id);
    let settled: Vec<i64> = match conn {
        Conn::Sqlite(c) => settled.load(c)?,
        Conn::Postgres(c) => settled.for_update().skip_locked().load(c)?,
    };
    diesel::delete(deliveries::table.filter(deliveries::delivery_id.eq_any(settled))).execute(conn)?;
    let delivered = deliveries::table.filter(deliveries::event_id.eq(dsl::event_id));
    diesel::delete(dsl::events)
        .filter(dsl::event_id.eq_any(event_ids))
        .filter(diesel::dsl::not(diesel::dsl::exists(delivered)))
        .execute(conn)
}
