//! Replaying deliveries, and lifting the delivery order.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::lane::line_up;
use super::row::State;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::events::endpoint::{CHANGED, EndpointId};
use crate::store::events::event;
use crate::store::events::outbox;
use crate::store::ids::{DeliveryId, EnterpriseId};
use crate::store::schema::deliveries::dsl;

/// The maximum number of ids in one statement. SQLite allows at most 32,766 values.
const AT_ONCE: usize = 10_000;

/// Returns which of `delivery_ids` exist, and whether each is settled.
pub fn progress(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    delivery_ids: &[DeliveryId],
) -> Result<HashMap<DeliveryId, bool>> {
    let mut found = HashMap::with_capacity(delivery_ids.len());
    for some in delivery_ids.chunks(AT_ONCE) {
        let rows: Vec<(DeliveryId, Option<Millis>)> = dsl::deliveries
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::delivery_id.eq_any(some))
            .select((dsl::delivery_id, dsl::settled_time))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(delivery_id, settled)| (delivery_id, settled.is_some())));
    }
    Ok(found)
}

/// Replays settled deliveries. Each keeps its attempts and its position in its lane. Wakes the dispatcher.
pub fn replay(conn: &mut Conn, enterprise_id: EnterpriseId, delivery_ids: &[DeliveryId], now: Millis) -> Result<()> {
    event::lock_order(conn, enterprise_id)?;
    for some in delivery_ids.chunks(AT_ONCE) {
        let settled = dsl::deliveries
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::delivery_id.eq_any(some))
            .filter(dsl::settled_time.is_not_null());
        let replayed: Vec<(DeliveryId, EnterpriseId, String, i64)> = diesel::update(settled)
            .set((
                dsl::state.eq(State::Waiting),
                dsl::due.eq(now),
                dsl::replayed_at.eq(dsl::attempts),
                dsl::settled_time.eq(None::<Millis>),
            ))
            .returning((dsl::delivery_id, dsl::enterprise_id, dsl::lane, dsl::organization_id))
            .get_results(conn)?;
        for organization_column in replayed.iter().map(|(.., column)| *column).collect::<BTreeSet<_>>() {
            CHANGED.notify_at_commit(EndpointId::of_columns(enterprise_id, organization_column));
        }
        let replayed: Vec<_> =
            replayed.into_iter().map(|(id, enterprise_id, lane, _)| (id, enterprise_id, lane)).collect();
        // A lane has at most one delivery in flight. Ready deliveries wait again, and the earliest one is made ready.
        // If one is being sent, settling it makes the next one ready.
        let open = dsl::deliveries.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::settled_time.is_null());
        let in_lanes = open.filter(dsl::lane.ne("")).filter(dsl::lane.eq_any(replayed.iter().map(|(_, _, lane)| lane)));
        diesel::update(in_lanes.clone().filter(dsl::state.eq(State::Ready)))
            .set(dsl::state.eq(State::Waiting))
            .execute(conn)?;
        let busy: Vec<String> = in_lanes.filter(dsl::state.eq(State::Claimed)).select(dsl::lane).load(conn)?;
        let busy: HashSet<String> = busy.into_iter().collect();
        let in_idle_lanes: Vec<_> = replayed.into_iter().filter(|(_, _, lane)| !busy.contains(lane)).collect();
        line_up(conn, &in_idle_lanes)?;
    }
    Ok(())
}

/// Lifts the order of all unsettled deliveries of an enterprise. A claimed delivery keeps its lane: the worker that
/// settles it may hold its row and wait for the order lock. Nothing else is left in that lane.
pub fn lift_order(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<()> {
    while outbox::relay(conn)?.more {}
    event::lock_order(conn, enterprise_id)?;
    let open = dsl::deliveries.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::settled_time.is_null());
    diesel::update(open.filter(dsl::state.ne(State::Claimed)))
        .set((dsl::state.eq(State::Ready), dsl::lane.eq("")))
        .execute(conn)
        .map(drop)
}
