//! Attempts: what was tried to deliver an event, and what came of it. Rows are only ever added.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::rows::insert_slice;
use crate::store::schema::attempts;
use crate::store::schema::attempts::dsl;

/// One try.
#[derive(Clone, Debug, Queryable)]
pub struct Attempt {
    /// Of which delivery.
    pub delivery_id: i64,
    /// The how-manieth of the delivery, from 1.
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

/// A try that is not written down yet.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Attempt")]
pub struct NewAttempt {
    pub delivery_id: i64,
    pub enterprise_id: i64,
    pub number: i64,
    pub begin_time: Millis,
    pub duration: Millis,
    pub url: String,
    pub status: Option<i64>,
    pub answer: String,
    pub problem: String,
}

/// Writes tries down.
pub(in crate::store) fn insert(conn: &mut Conn, new: &[NewAttempt]) -> Result<()> {
    insert_slice!(conn, dsl::attempts, new)
}

/// The tries of a delivery, in order.
pub fn list(conn: &mut Conn, enterprise_id: i64, delivery_id: i64) -> Result<Vec<Attempt>> {
    dsl::attempts
        .filter(dsl::delivery_id.eq(delivery_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::number)
        .load(conn)
}
