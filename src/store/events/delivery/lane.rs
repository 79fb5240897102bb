//! The order of deliveries. In a lane, only the earliest unsettled delivery may be sent; the others wait.

use std::collections::BTreeSet;

use super::row::State;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::events::endpoint::{CHANGED, EndpointId};
use crate::store::events::event;
use crate::store::ids::{DeliveryId, EnterpriseId};
use crate::store::schema::deliveries::dsl;

/// Makes waiting deliveries ready if they are the earliest unsettled ones of their lanes. They may not be, if an
/// earlier delivery was replayed meanwhile.
pub(super) fn line_up(conn: &mut Conn, waiting: &[(DeliveryId, EnterpriseId, String)]) -> Result<()> {
    let unordered: Vec<DeliveryId> =
        waiting.iter().filter(|(_, _, lane)| lane.is_empty()).map(|(id, _, _)| *id).collect();
    if !unordered.is_empty() {
        diesel::update(dsl::deliveries.filter(dsl::delivery_id.eq_any(unordered)))
            .set(dsl::state.eq(State::Ready))
            .execute(conn)?;
    }
    advance(conn, waiting.iter().map(|(_, enterprise_id, lane)| (*enterprise_id, lane.as_str())).collect())
}

/// Makes the earliest unsettled delivery of each lane ready, if it is waiting.
pub(super) fn advance(conn: &mut Conn, lanes: BTreeSet<(EnterpriseId, &str)>) -> Result<()> {
    let mut lanes: Vec<(EnterpriseId, &str)> = lanes.into_iter().filter(|(_, lane)| !lane.is_empty()).collect();
    while let Some((enterprise_id, _)) = lanes.first().copied() {
        let others = lanes.split_off(lanes.partition_point(|(id, _)| *id == enterprise_id));
        // A concurrent transaction that adds to the lane either sees the settled delivery, or its own delivery is
        // visible here.
        event::lock_order(conn, enterprise_id)?;
        let heads: Vec<Option<DeliveryId>> = dsl::deliveries
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::lane.eq_any(lanes.into_iter().map(|(_, lane)| lane)))
            .filter(dsl::settled_time.is_null())
            .group_by(dsl::lane)
            .select(diesel::dsl::min(dsl::delivery_id))
            .load(conn)?;
        let heads: Vec<DeliveryId> = heads.into_iter().flatten().collect();
        if !heads.is_empty() {
            let readied: Vec<i64> = diesel::update(
                dsl::deliveries.filter(dsl::delivery_id.eq_any(heads)).filter(dsl::state.eq(State::Waiting)),
            )
            .set(dsl::state.eq(State::Ready))
            .returning(dsl::organization_id)
            .get_results(conn)?;
            for organization_column in BTreeSet::from_iter(readied) {
                CHANGED.notify_at_commit(EndpointId::of_columns(enterprise_id, organization_column));
            }
        }
        lanes = others;
    }
    Ok(())
}
