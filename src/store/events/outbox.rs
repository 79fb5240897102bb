//! The outbox: events with their subscriptions, written in the same transaction as the change that they report. A
//! relay moves them into `events` and `deliveries` in batches.
//!
//! A change then writes one row more, into a small table that stays in memory. The index pages of events and
//! deliveries are written once for a whole batch. On PostgreSQL, changes do not wait for each other to number their
//! events.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::delivery::row as delivery;
use super::delivery::row::Delivery;
use super::endpoint::{CHANGED, EndpointId};
use super::event;
use super::outbox_entry::{OutboxEntry, Subscription};
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::enterprises;
use crate::store::schema::outbox::dsl;
use crate::store::text::Json;

/// The maximum number of events relayed in one transaction. Other writers then wait for a few milliseconds at most.
const AT_ONCE: i64 = 512;

/// The result of [`relay`].
#[derive(Debug, Default)]
pub struct Relayed {
    /// The endpoints that have new deliveries.
    pub endpoints: BTreeSet<EndpointId>,
    /// Whether more entries can be relayed immediately.
    pub more: bool,
}

/// Writes an entry into the outbox, and wakes the relay and the dispatcher.
pub fn publish(conn: &mut Conn, entry: OutboxEntry) -> Result<()> {
    let OutboxEntry { enterprise_id, class_id, sequence, payload, create_time, subscriptions } = entry;
    for subscription in &subscriptions {
        CHANGED.notify_at_commit(subscription.endpoint(enterprise_id));
    }
    if subscriptions.is_empty() {
        // Without a subscription, the event still has to be relayed.
        CHANGED.notify_at_commit(EndpointId::Enterprise(enterprise_id));
    }
    let row = (
        dsl::enterprise_id.eq(enterprise_id),
        dsl::class_id.eq(class_id),
        dsl::sequence.eq(sequence),
        dsl::fact.eq(payload),
        dsl::create_time.eq(create_time),
        dsl::hearings.eq(Json::new(subscriptions)),
    );
    diesel::insert_into(dsl::outbox).values(row).execute(conn).map(drop)
}

/// Whether the outbox is empty.
pub fn is_empty(conn: &mut Conn) -> Result<bool> {
    Ok(dsl::outbox.select(dsl::outbox_id).limit(1).get_result::<i64>(conn).optional()?.is_none())
}

/// Relays a batch of the oldest entries. Assigns event ids in the order of publication and inserts the deliveries. A
/// delivery waits if an earlier one of its lane is unsettled.
pub fn relay(conn: &mut Conn) -> Result<Relayed> {
    if is_empty(conn)? {
        return Ok(Relayed::default());
    }
    event::lock_relay(conn)?;
    let (entries, more) = next(conn)?;
    let entries = of_kept_enterprises(conn, entries)?;
    let last: BTreeMap<EnterpriseId, i64> =
        entries.iter().map(|(outbox_id, entry)| (entry.enterprise_id, *outbox_id)).collect();
    for enterprise_id in last.keys() {
        event::lock_order(conn, *enterprise_id)?;
    }
    let count = entries.len();
    let (relayed, entries): (Vec<i64>, Vec<OutboxEntry>) = entries.into_iter().unzip();
    let event_ids = event::insert(conn, &entries)?;
    let (mut deliveries, mut endpoints, mut lanes) = (Vec::with_capacity(count), BTreeSet::new(), HashSet::new());
    for (event_id, entry) in event_ids.into_iter().zip(&entries) {
        let enterprise_id = entry.enterprise_id;
        for subscription @ Subscription { lane, first, .. } in &entry.subscriptions {
            let behind = !lane.is_empty()
                && (!lanes.insert((enterprise_id, lane)) || !first && delivery::is_open(conn, enterprise_id, lane)?);
            let endpoint = subscription.endpoint(enterprise_id);
            endpoints.insert(endpoint);
            deliveries.push(Delivery::new(event_id, endpoint, lane, behind, entry.create_time));
        }
    }
    delivery::insert(conn, &deliveries)?;
    remove(conn, &relayed, last)?;
    Ok(Relayed { endpoints, more: more && count > 0 })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn rows() -> _ {
    let entry = (dsl::enterprise_id, dsl::class_id, dsl::sequence, dsl::fact, dsl::create_time, dsl::hearings);
    dsl::outbox.order(dsl::outbox_id).select((dsl::outbox_id, entry))
}

/// Returns the next entries to relay with their ids, in order of publication, and whether there are more.
fn next(conn: &mut Conn) -> Result<(Vec<(i64, OutboxEntry)>, bool)> {
    let Conn::Sqlite(c) = conn else {
        let entries: Vec<(i64, OutboxEntry)> = rows().limit(AT_ONCE).load(conn)?;
        let more = i64::try_from(entries.len()) == Ok(AT_ONCE);
        return Ok((entries, more));
    };
    // Under constant load, a batch holds less than what is published. Each enterprise gets an equal share, so that
    // none starves.
    let mut enterprises: Vec<i64> = Vec::new();
    while let Some(enterprise_id) = dsl::outbox
        .filter(dsl::enterprise_id.gt(enterprises.last().copied().unwrap_or(i64::MIN)))
        .select(diesel::dsl::min(dsl::enterprise_id))
        .get_result::<Option<i64>>(c)?
    {
        enterprises.push(enterprise_id);
    }
    let share = (AT_ONCE / i64::try_from(enterprises.len()).unwrap_or(AT_ONCE).max(1)).max(1);
    let (mut all, mut more) = (Vec::new(), false);
    for enterprise_id in enterprises {
        let entries: Vec<(i64, OutboxEntry)> =
            rows().filter(dsl::enterprise_id.eq(enterprise_id)).limit(share).load(c)?;
        more |= i64::try_from(entries.len()) == Ok(share);
        all.extend(entries);
    }
    all.sort_unstable_by_key(|(outbox_id, _)| *outbox_id);
    Ok((all, more))
}

/// Leaves out entries of enterprises that are being deleted; the deletion removes them too. Waiting for the row lock
/// here would block everyone who waits for the order lock.
fn of_kept_enterprises(conn: &mut Conn, entries: Vec<(i64, OutboxEntry)>) -> Result<Vec<(i64, OutboxEntry)>> {
    let Conn::Postgres(c) = conn else { return Ok(entries) };
    let ids: BTreeSet<EnterpriseId> = entries.iter().map(|(_, entry)| entry.enterprise_id).collect();
    let kept: HashSet<EnterpriseId> = enterprises::table
        .filter(enterprises::enterprise_id.eq_any(ids))
        .select(enterprises::enterprise_id)
        .for_key_share()
        .skip_locked()
        .load(c)?
        .into_iter()
        .collect();
    Ok(entries.into_iter().filter(|(_, entry)| kept.contains(&entry.enterprise_id)).collect())
}

/// Deletes relayed entries; `last` holds the last one of each enterprise.
fn remove(conn: &mut Conn, relayed: &[i64], last: BTreeMap<EnterpriseId, i64>) -> Result<()> {
    match conn {
        // This statement is prepared once; one with a list is not.
        Conn::Sqlite(c) => last.into_iter().try_for_each(|(enterprise_id, last)| {
            let up_to_it = dsl::outbox.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::outbox_id.le(last));
            diesel::delete(up_to_it).execute(c).map(drop)
        }),
        Conn::Postgres(c) => diesel::delete(dsl::outbox.filter(dsl::outbox_id.eq_any(relayed))).execute(c).map(drop),
    }
}
