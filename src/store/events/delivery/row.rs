//! Rows of deliveries: adding them, and what they hold.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::events::endpoint::EndpointId;
use crate::store::rows::insert_slice;
use crate::store::schema::deliveries;
use crate::store::schema::deliveries::dsl;
use crate::store::text::words;

words! {
    /// The state of a delivery.
    State {
        /// It may be sent when it is due.
        Ready = "ready",
        /// An earlier one of its lane is not settled.
        Waiting = "waiting",
        /// A worker holds it.
        Claimed = "claimed",
        /// The receiver has it.
        Delivered = "delivered",
        /// It was tried as often as is allowed.
        Dead = "dead",
    }
}

/// A delivery.
#[derive(Clone, Debug, Queryable)]
pub struct Delivery {
    /// Counts up.
    pub delivery_id: i64,
    /// What is delivered.
    pub event_id: i64,
    /// Whose event it is.
    pub enterprise_id: i64,
    /// What it stays in order with; empty for nothing.
    pub lane: String,
    /// Where it is.
    pub state: State,
    /// When it may be sent.
    pub due: Millis,
    /// How many attempts there were.
    pub attempts: i64,
    /// How many there had been when it was last replayed.
    pub replayed_at: i64,
    /// Who holds it …
    pub lease_token: Option<String>,
    /// … and until when.
    pub lease_until: Option<Millis>,
    /// When it was delivered or given up.
    pub settled_time: Option<Millis>,
    /// See [`Delivery::endpoint`].
    organization_column: i64,
}

impl Delivery {
    /// The endpoint.
    #[must_use]
    pub fn endpoint(&self) -> EndpointId {
        EndpointId::of_columns(self.enterprise_id, self.organization_column)
    }
}

/// A delivery before it has an id.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = deliveries, treat_none_as_default_value = false)]
pub(in crate::store::events) struct NewDelivery {
    event_id: i64,
    enterprise_id: i64,
    organization_id: i64,
    lane: String,
    state: State,
    due: Millis,
    attempts: i64,
    replayed_at: i64,
}

impl NewDelivery {
    /// A delivery that is due now, unless it is behind another of its lane.
    pub(in crate::store::events) fn of(event_id: i64, to: EndpointId, lane: &str, behind: bool, now: Millis) -> Self {
        Self {
            event_id,
            enterprise_id: to.enterprise_id(),
            organization_id: to.organization_column(),
            lane: lane.to_owned(),
            state: if behind { State::Waiting } else { State::Ready },
            due: now,
            attempts: 0,
            replayed_at: 0,
        }
    }
}

/// Adds deliveries.
pub(in crate::store::events) fn insert(conn: &mut Conn, new: &[NewDelivery]) -> Result<()> {
    insert_slice!(conn, dsl::deliveries, new)
}

/// Whether a delivery of a lane is not settled.
pub(in crate::store::events) fn is_open(conn: &mut Conn, enterprise_id: i64, lane: &str) -> Result<bool> {
    let one = unsettled(enterprise_id, lane).select(dsl::delivery_id).limit(1);
    Ok(one.get_result::<i64>(conn).optional()?.is_some())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unsettled<'a>(enterprise_id: i64, lane: &'a str) -> _ {
    dsl::deliveries
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::lane.eq(lane))
        .filter(dsl::settled_time.is_null())
}
