//! Rows of deliveries.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::events::endpoint::EndpointId;
use crate::store::ids::{DeliveryId, EnterpriseId, EventId};
use crate::store::rows::insert_slice;
use crate::store::schema::deliveries;
use crate::store::schema::deliveries::dsl;
use crate::store::text::words;

words! {
    /// The state of a delivery.
    State {
        /// It may be sent when it is due.
        Ready = "ready",
        /// An earlier delivery of its lane is unsettled.
        Waiting = "waiting",
        /// A worker holds it under a lease.
        Claimed = "claimed",
        /// The endpoint acknowledged it.
        Delivered = "delivered",
        /// All allowed attempts failed.
        Dead = "dead",
    }
}

/// A delivery of an event to an endpoint.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = deliveries, treat_none_as_default_value = false)]
pub struct Delivery {
    /// The id, assigned in ascending order.
    #[diesel(skip_insertion)]
    pub delivery_id: DeliveryId,
    /// The event to deliver.
    pub event_id: EventId,
    /// The enterprise of the event.
    pub enterprise_id: EnterpriseId,
    /// The lane, in which deliveries are made in order; empty for none.
    pub lane: String,
    /// The state.
    pub state: State,
    /// When it may be sent.
    pub due: Millis,
    /// The number of attempts so far.
    pub attempts: i64,
    /// The number of attempts when it was last replayed.
    pub replayed_at: i64,
    /// The token of the lease.
    pub lease_token: Option<String>,
    /// When the lease expires.
    pub lease_until: Option<Millis>,
    /// When it was delivered or became dead.
    pub settled_time: Option<Millis>,
    /// See [`Delivery::endpoint`].
    #[diesel(column_name = organization_id)]
    organization_column: i64,
}

impl Delivery {
    /// A delivery to insert, which is due now. With `behind`, it waits for an earlier one of its lane.
    pub(in crate::store::events) fn new(
        event_id: EventId,
        to: EndpointId,
        lane: &str,
        behind: bool,
        now: Millis,
    ) -> Self {
        Self {
            // The database assigns it.
            delivery_id: DeliveryId(0),
            event_id,
            enterprise_id: to.enterprise_id(),
            lane: lane.to_owned(),
            state: if behind { State::Waiting } else { State::Ready },
            due: now,
            attempts: 0,
            replayed_at: 0,
            lease_token: None,
            lease_until: None,
            settled_time: None,
            organization_column: to.organization_column(),
        }
    }

    /// Returns the endpoint that receives it.
    #[must_use]
    pub fn endpoint(&self) -> EndpointId {
        EndpointId::of_columns(self.enterprise_id, self.organization_column)
    }
}

/// Inserts deliveries.
pub(in crate::store::events) fn insert(conn: &mut Conn, new: &[Delivery]) -> Result<()> {
    insert_slice!(conn, dsl::deliveries, new)
}

/// Whether a lane has unsettled deliveries.
pub(in crate::store::events) fn is_open(conn: &mut Conn, enterprise_id: EnterpriseId, lane: &str) -> Result<bool> {
    let one = unsettled(enterprise_id, lane).select(dsl::delivery_id).limit(1);
    Ok(one.get_result::<DeliveryId>(conn).optional()?.is_some())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unsettled<'a>(enterprise_id: EnterpriseId, lane: &'a str) -> _ {
    dsl::deliveries
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::lane.eq(lane))
        .filter(dsl::settled_time.is_null())
}
