//! Attempts to deliver an event, with their results. Rows are only ever added.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::rows::insert_slice;
use crate::store::schema::attempts;
use crate::store::schema::attempts::dsl;

/// One attempt.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
pub struct Attempt {
    /// Of which delivery.
    pub delivery_id: i64,
    /// Counts the attempts of the delivery from 1.
    pub number: i64,
    /// Whose.
    pub enterprise_id: i64,
    /// When it began.
    pub begin_time: Millis,
    /// How long it took, in milliseconds.
    pub duration: Millis,
    /// Where it went, without the query.
    pub url: String,
    /// The HTTP status of the answer.
    pub status: Option<i64>,
    /// The beginning of the answer.
    pub answer: String,
    /// Why it failed; empty when it went well.
    pub problem: String,
}

/// Adds attempts.
pub(in crate::store) fn insert(conn: &mut Conn, new: &[Attempt]) -> Result<()> {
    insert_slice!(conn, dsl::attempts, new)
}

/// The attempts of a delivery, in order.
pub fn list(conn: &mut Conn, enterprise_id: i64, delivery_id: i64) -> Result<Vec<Attempt>> {
    dsl::attempts
        .filter(dsl::delivery_id.eq(delivery_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::number)
        .load(conn)
}
