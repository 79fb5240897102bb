//! The outbox: events with their subscriptions, written in the transaction of the change that they report. From there they are
//! relayed: moved into `events` and `deliveries`, many at a time.
//!
//! A change then writes one more row, into a table that is small and in memory, whatever indexes events and deliveries have:
//! their pages are written once for all that is relayed together. On PostgreSQL changes do not wait for one another to have
//! their events numbered.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::delivery::row as delivery;
use super::delivery::row::NewDelivery;
use super::endpoint::{CHANGED, EndpointId};
use super::event;
use super::event::NewEvent;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::enterprises;
use crate::store::schema::outbox::dsl;
use crate::store::text::Json;

/// How many events are relayed in one transaction: what waits for the writer meanwhile waits for some milliseconds.
const AT_ONCE: i64 = 512;

/// An endpoint that an event is delivered to, and in which order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subscription {
    /// As in `deliveries`; see [`Subscription::endpoint`].
    #[serde(rename = "organization_id")]
    organization_column: i64,
    /// Deliveries of one lane are made in order; empty for no order.
    lane: String,
    /// Whether no event of the lane was published before.
    first: bool,
}

impl Subscription {
    /// A subscription without order.
    #[must_use]
    pub fn new(endpoint: EndpointId) -> Self {
        Self { organization_column: endpoint.organization_column(), lane: String::new(), first: false }
    }

    /// Delivers in the order of a lane; `first` says that no event of the lane was published before.
    #[must_use]
    pub fn in_lane(self, lane: String, first: bool) -> Self {
        Self { lane, first, ..self }
    }

    /// Lifts the order.
    #[must_use]
    pub fn without_order(self) -> Self {
        self.in_lane(String::new(), false)
    }

    /// Its endpoint; the row says of which enterprise.
    fn endpoint(&self, enterprise_id: i64) -> EndpointId {
        EndpointId::of_columns(enterprise_id, self.organization_column)
    }
}

/// A row of the outbox.
#[derive(Queryable)]
struct OutboxEntry {
    outbox_id: i64,
    event: NewEvent,
    subscriptions: Json<Vec<Subscription>>,
}

/// What a call of [`relay`] did.
#[derive(Debug, Default)]
pub struct Relayed {
    /// The endpoints that got deliveries.
    pub endpoints: BTreeSet<EndpointId>,
    /// Whether more can be relayed at once.
    pub more: bool,
}

/// Writes an event into the outbox, and wakes who relays and delivers it.
pub fn publish(conn: &mut Conn, event: &NewEvent, subscriptions: Vec<Subscription>) -> Result<()> {
    let enterprise_id = event.enterprise_id;
    for subscription in &subscriptions {
        CHANGED.notify_at_commit(subscription.endpoint(enterprise_id));
    }
    if subscriptions.is_empty() {
        // It has to be relayed all the same.
        CHANGED.notify_at_commit(EndpointId::Enterprise(enterprise_id));
    }
    let row = (
        dsl::enterprise_id.eq(enterprise_id),
        dsl::class_id.eq(event.class_id),
        dsl::sequence.eq(event.sequence),
        dsl::fact.eq(&event.payload),
        dsl::create_time.eq(event.create_time),
        dsl::hearings.eq(Json::new(subscriptions)),
    );
    diesel::insert_into(dsl::outbox).values(row).execute(conn).map(drop)
}

/// Whether nothing waits to be relayed.
pub fn is_empty(conn: &mut Conn) -> Result<bool> {
    Ok(dsl::outbox.select(dsl::outbox_id).limit(1).get_result::<i64>(conn).optional()?.is_none())
}

/// Relays what was published first, up to some hundred events: gives them their ids, which count up in the order in which they
/// were published, and makes their deliveries. A delivery waits when an earlier one of its lane is not settled.
pub fn relay(conn: &mut Conn) -> Result<Relayed> {
    if is_empty(conn)? {
        return Ok(Relayed::default());
    }
    event::relay_alone(conn)?;
    let (entries, more) = next(conn)?;
    let entries = of_kept_enterprises(conn, entries)?;
    let last: BTreeMap<i64, i64> = entries.iter().map(|entry| (entry.event.enterprise_id, entry.outbox_id)).collect();
    for enterprise_id in last.keys() {
        event::in_order(conn, *enterprise_id)?;
    }
    let count = entries.len();
    let (mut relayed, mut events, mut subscribed) =
        (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
    for OutboxEntry { outbox_id, event, subscriptions } in entries {
        relayed.push(outbox_id);
        events.push(event);
        subscribed.push(subscriptions);
    }
    let event_ids = event::insert(conn, &events)?;
    let (mut deliveries, mut endpoints, mut lanes) = (Vec::with_capacity(count), BTreeSet::new(), HashSet::new());
    for ((event_id, event), subscriptions) in event_ids.into_iter().zip(&events).zip(&subscribed) {
        let enterprise_id = event.enterprise_id;
        for subscription @ Subscription { lane, first, .. } in &**subscriptions {
            let behind = !lane.is_empty()
                && (!lanes.insert((enterprise_id, lane)) || !first && delivery::is_open(conn, enterprise_id, lane)?);
            let endpoint = subscription.endpoint(enterprise_id);
            endpoints.insert(endpoint);
            deliveries.push(NewDelivery::of(event_id, endpoint, lane, behind, event.create_time));
        }
    }
    delivery::insert(conn, &deliveries)?;
    remove(conn, &relayed, last)?;
    Ok(Relayed { endpoints, more: more && count > 0 })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn rows() -> _ {
    let event = (dsl::enterprise_id, dsl::class_id, dsl::sequence, dsl::fact, dsl::create_time);
    dsl::outbox.order(dsl::outbox_id).select((dsl::outbox_id, event, dsl::hearings))
}

/// What is to be relayed now, in the order in which it was published, and whether there is more.
fn next(conn: &mut Conn) -> Result<(Vec<OutboxEntry>, bool)> {
    let Conn::Sqlite(c) = conn else {
        let entries: Vec<OutboxEntry> = rows().limit(AT_ONCE).load(conn)?;
        let more = i64::try_from(entries.len()) == Ok(AT_ONCE);
        return Ok((entries, more));
    };
    // A writer that is never idle relays less than is published: then each enterprise has its share, and none waits for another.
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
        let entries: Vec<OutboxEntry> = rows().filter(dsl::enterprise_id.eq(enterprise_id)).limit(share).load(c)?;
        more |= i64::try_from(entries.len()) == Ok(share);
        all.extend(entries);
    }
    all.sort_unstable_by_key(|entry| entry.outbox_id);
    Ok((all, more))
}

/// Leaves out the entries of enterprises that somebody is removing: they go with them. To wait for that would be to wait for a
/// row while others wait for the order of events.
fn of_kept_enterprises(conn: &mut Conn, entries: Vec<OutboxEntry>) -> Result<Vec<OutboxEntry>> {
    let Conn::Postgres(c) = conn else { return Ok(entries) };
    let ids: BTreeSet<i64> = entries.iter().map(|entry| entry.event.enterprise_id).collect();
    let kept: HashSet<i64> = enterprises::table
        .filter(enterprises::enterprise_id.eq_any(ids))
        .select(enterprises::enterprise_id)
        .for_key_share()
        .skip_locked()
        .load(c)?
        .into_iter()
        .collect();
    Ok(entries.into_iter().filter(|entry| kept.contains(&entry.event.enterprise_id)).collect())
}

/// Removes the entries that were relayed; `last` has the last of each enterprise.
fn remove(conn: &mut Conn, relayed: &[i64], last: BTreeMap<i64, i64>) -> Result<()> {
    match conn {
        // A statement that is prepared once, as one with a list is not.
        Conn::Sqlite(c) => last.into_iter().try_for_each(|(enterprise_id, last)| {
            let up_to_it = dsl::outbox.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::outbox_id.le(last));
            diesel::delete(up_to_it).execute(c).map(drop)
        }),
        Conn::Postgres(c) => diesel::delete(dsl::outbox.filter(dsl::outbox_id.eq_any(relayed))).execute(c).map(drop),
    }
}
