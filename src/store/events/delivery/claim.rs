//! Claiming due deliveries under a lease, and renewing and releasing claims.

use std::collections::HashMap;

use super::lane::line_up;
use super::row::{Delivery, State};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::jobs;
use crate::jobs::Lease;
use crate::store::Result;
use crate::store::events::endpoint::EndpointId;
use crate::store::events::event::Event;
use crate::store::ids::{DeliveryId, EnterpriseId, EventId};
use crate::store::literal::literal;
use crate::store::schema::deliveries::dsl;
use crate::store::schema::events;

literal!(IsReady = "state = 'ready'");
literal!(IsClaimed = "state = 'claimed'");

/// Claims up to `limit` due deliveries to an endpoint, the longest due first, and returns them with their events.
pub fn claim(
    conn: &mut Conn,
    endpoint: EndpointId,
    lease: &Lease,
    now: Millis,
    limit: i64,
) -> Result<Vec<(Delivery, Event)>> {
    let enterprise_id = endpoint.enterprise_id();
    let due = dsl::deliveries
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::organization_id.eq(endpoint.organization_column()))
        .filter(IsReady)
        .filter(dsl::due.le(now))
        .order((dsl::due, dsl::delivery_id))
        .limit(limit);
    let found: Vec<Delivery> = match conn {
        Conn::Sqlite(c) => due.load(c)?,
        // Skip rows that another instance is claiming.
        Conn::Postgres(c) => due.for_update().skip_locked().load(c)?,
    };
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids = found.iter().map(|delivery| delivery.delivery_id);
    diesel::update(dsl::deliveries.filter(dsl::delivery_id.eq_any(ids)))
        .set((dsl::state.eq(State::Claimed), dsl::lease_token.eq(&lease.token), dsl::lease_until.eq(lease.until)))
        .execute(conn)?;
    let event_ids = found.iter().map(|delivery| delivery.event_id);
    let mut events: HashMap<EventId, Event> = events::table
        .filter(events::enterprise_id.eq(enterprise_id))
        .filter(events::event_id.eq_any(event_ids))
        .load::<Event>(conn)?
        .into_iter()
        .map(|event| (event.event_id, event))
        .collect();
    let with_event = |mut delivery: Delivery| {
        delivery.lease_until = Some(lease.until);
        let event = events.remove(&delivery.event_id)?;
        Some((delivery, event))
    };
    Ok(found.into_iter().filter_map(with_event).collect())
}

/// Renews the lease of all claimed deliveries. Skips those that are being settled or taken over.
pub fn renew(conn: &mut Conn, lease: &Lease) -> Result<()> {
    let held = dsl::deliveries.filter(IsClaimed).filter(dsl::lease_token.eq(&lease.token));
    let until = dsl::lease_until.eq(lease.until);
    match conn {
        Conn::Sqlite(c) => diesel::update(held).set(until).execute(c),
        Conn::Postgres(c) => {
            let ids: Vec<DeliveryId> = held.select(dsl::delivery_id).for_no_key_update().skip_locked().load(c)?;
            diesel::update(dsl::deliveries.filter(dsl::delivery_id.eq_any(ids))).set(until).execute(c)
        }
    }
    .map(drop)
}

/// Releases claimed deliveries that were not sent.
pub fn release(conn: &mut Conn, token: &str, delivery_ids: &[DeliveryId]) -> Result<()> {
    let released = diesel::update(dsl::deliveries)
        .filter(dsl::delivery_id.eq_any(delivery_ids))
        .filter(dsl::lease_token.eq(token))
        .set((dsl::state.eq(State::Waiting), dsl::lease_token.eq(None::<String>)))
        .returning((dsl::delivery_id, dsl::enterprise_id, dsl::lane))
        .get_results(conn)?;
    line_up(conn, &released)
}

/// Releases deliveries of other workers whose lease expired. Returns their number. With `everything`, it releases all
/// claims of other workers; this is right only if no other worker can be alive.
pub fn release_expired(conn: &mut Conn, own_token: &str, now: Millis, everything: bool) -> Result<usize> {
    let (before, after) = if everything { (Millis::MAX, Millis::MAX) } else { jobs::expired(now) };
    let expired = dsl::deliveries
        .filter(IsClaimed)
        .filter(dsl::lease_until.lt(before).or(dsl::lease_until.gt(after)))
        .filter(dsl::lease_token.ne(own_token));
    let waiting = (dsl::state.eq(State::Waiting), dsl::lease_token.eq(None::<String>));
    let row = (dsl::delivery_id, dsl::enterprise_id, dsl::lane);
    let released: Vec<(DeliveryId, EnterpriseId, String)> = match conn {
        Conn::Sqlite(c) => diesel::update(expired).set(waiting).returning(row).get_results(c)?,
        Conn::Postgres(c) => {
            // Skip rows that another instance is taking over.
            let ids: Vec<DeliveryId> = expired.select(dsl::delivery_id).for_no_key_update().skip_locked().load(c)?;
            let expired = dsl::deliveries.filter(dsl::delivery_id.eq_any(ids));
            diesel::update(expired).set(waiting).returning(row).get_results(c)?
        }
    };
    line_up(conn, &released)?;
    Ok(released.len())
}

/// Makes ready deliveries to an endpoint due that are due after `latest`.
pub fn pull_forward(conn: &mut Conn, endpoint: EndpointId, latest: Millis, now: Millis) -> Result<()> {
    diesel::update(dsl::deliveries)
        .filter(dsl::enterprise_id.eq(endpoint.enterprise_id()))
        .filter(dsl::organization_id.eq(endpoint.organization_column()))
        .filter(IsReady)
        .filter(dsl::due.gt(latest))
        .set(dsl::due.eq(now))
        .execute(conn)
        .map(drop)
}

/// Returns when the next delivery to an endpoint is due, in milliseconds.
pub fn next_due(conn: &mut Conn, endpoint: EndpointId) -> Result<Option<Millis>> {
    dsl::deliveries
        .filter(dsl::enterprise_id.eq(endpoint.enterprise_id()))
        .filter(dsl::organization_id.eq(endpoint.organization_column()))
        .filter(IsReady)
        .select(diesel::dsl::min(dsl::due))
        .get_result(conn)
}

/// Returns the endpoints that have ready deliveries, with the time when the first is due. It costs one or two index
/// look-ups for each endpoint.
pub fn endpoints(conn: &mut Conn) -> Result<Vec<(EndpointId, Millis)>> {
    let mut found = Vec::new();
    let mut last = (i64::MIN, i64::MIN);
    while let Some(columns) = columns_after(conn, last)? {
        let endpoint = EndpointId::of_columns(EnterpriseId(columns.0), columns.1);
        found.extend(next_due(conn, endpoint)?.map(|due| (endpoint, due)));
        last = columns;
    }
    Ok(found)
}

/// Returns the columns of the next endpoint that has ready deliveries: first of the same enterprise, then of the next
/// one.
fn columns_after(conn: &mut Conn, last: (i64, i64)) -> Result<Option<(i64, i64)>> {
    let ready = || dsl::deliveries.filter(IsReady);
    let sibling: Option<i64> = ready()
        .filter(dsl::enterprise_id.eq(last.0))
        .filter(dsl::organization_id.gt(last.1))
        .select(diesel::dsl::min(dsl::organization_id))
        .get_result(conn)?;
    if let Some(organization_column) = sibling {
        return Ok(Some((last.0, organization_column)));
    }
    let next: Option<i64> =
        ready().filter(dsl::enterprise_id.gt(last.0)).select(diesel::dsl::min(dsl::enterprise_id)).get_result(conn)?;
    let Some(enterprise_id) = next else { return Ok(None) };
    let first: Option<i64> = ready()
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .select(diesel::dsl::min(dsl::organization_id))
        .get_result(conn)?;
    Ok(first.map(|organization_column| (enterprise_id, organization_column)))
}
