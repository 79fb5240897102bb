//! Queries on deliveries for operators and enterprises.

use super::row::{Delivery, State};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::events::endpoint::EndpointId;
use crate::store::events::event::Event;
use crate::store::ids::{ClassId, DeliveryId, EnterpriseId};
use crate::store::literal::literal;
use crate::store::schema::deliveries::dsl;
use crate::store::schema::{deliveries, events};
use crate::store::{Page, Result};

literal!(IsDead = "state = 'dead'");

/// Filters for a list of deliveries.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The states; empty for all.
    pub states: Vec<State>,
    /// The class.
    pub class_id: Option<ClassId>,
    /// Whether to leave out deliveries to organizations.
    pub within_enterprise: bool,
}

/// Returns deliveries with their events, newest event first.
pub fn list(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<(Delivery, Event)>> {
    let mut query = events::table
        .inner_join(dsl::deliveries.on(dsl::event_id.eq(events::event_id)))
        .filter(events::enterprise_id.eq(enterprise_id))
        .select((deliveries::all_columns, events::all_columns))
        .order((events::event_id.desc(), dsl::delivery_id.desc()))
        .offset(page.offset())
        .limit(page.limit())
        .into_boxed();
    if let Some(event_id) = page.after() {
        query = query.filter(events::event_id.lt(event_id));
    }
    match filter.states.as_slice() {
        [] => {}
        // Few rows match these states. The literal conditions let the database use the partial indexes of dead and of
        // unsettled deliveries.
        [State::Dead] => {
            query = query.filter(dsl::enterprise_id.eq(enterprise_id)).filter(IsDead);
        }
        [State::Delivered] => query = query.filter(dsl::state.eq(State::Delivered)),
        states => query = query.filter(dsl::settled_time.is_null()).filter(dsl::state.eq_any(states)),
    }
    if let Some(class_id) = filter.class_id {
        query = query.filter(events::class_id.eq(class_id));
    }
    if filter.within_enterprise {
        query = query.filter(dsl::organization_id.le(EndpointId::Enterprise(enterprise_id).organization_column()));
    }
    query.load_boxed(conn)
}

/// Returns a delivery with its event.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    delivery_id: DeliveryId,
) -> Result<Option<(Delivery, Event)>> {
    dsl::deliveries
        .inner_join(events::table.on(events::event_id.eq(dsl::event_id)))
        .filter(dsl::delivery_id.eq(delivery_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the enterprise of a delivery, for an operator who knows only the delivery id.
pub fn enterprise_of(conn: &mut Conn, delivery_id: DeliveryId) -> Result<Option<EnterpriseId>> {
    dsl::deliveries.find(delivery_id).select(dsl::enterprise_id).get_result(conn).optional()
}

/// Returns the deliveries of an enterprise that became dead since `since`, oldest first.
pub fn dead_since(conn: &mut Conn, enterprise_id: EnterpriseId, since: Millis) -> Result<Vec<DeliveryId>> {
    dsl::deliveries
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(IsDead)
        .filter(dsl::settled_time.ge(since))
        .order(dsl::delivery_id)
        .select(dsl::delivery_id)
        .load(conn)
}
