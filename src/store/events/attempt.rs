//! Delivery attempts with their results. Rows are append-only.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{DeliveryId, EnterpriseId};
use crate::store::rows::insert_slice;
use crate::store::schema::attempts;
use crate::store::schema::attempts::dsl;

/// An attempt to deliver an event.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
pub struct Attempt {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The number of the attempt within the delivery, from 1.
    pub number: i64,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// When it started.
    pub begin_time: Millis,
    /// How long it took, in milliseconds.
    pub duration: Millis,
    /// The URL without its query.
    pub url: String,
    /// The HTTP status of the response, if there was one.
    pub status: Option<i64>,
    /// The beginning of the response body.
    pub answer: String,
    /// Why it failed; empty on success.
    pub problem: String,
}

/// Inserts attempts.
pub(in crate::store) fn insert(conn: &mut Conn, new: &[Attempt]) -> Result<()> {
    insert_slice!(conn, dsl::attempts, new)
}

/// Returns the attempts of a delivery, in order.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, delivery_id: DeliveryId) -> Result<Vec<Attempt>> {
    dsl::attempts
        .filter(dsl::delivery_id.eq(delivery_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::number)
        .load(conn)
}
