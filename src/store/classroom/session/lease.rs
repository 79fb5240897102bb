//! Leases of component sessions: heartbeats renew them, and a session is closed when its lease expires.

use std::collections::HashSet;

use diesel::sql_types::Text;

use super::row::{QuitReason, Session};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::sessions::dsl;
use crate::store::statement::Statement;
use crate::store::{CacheTag, Result, update};

/// The last heartbeat of a component.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The hash of the token that opened the session.
    pub token_hash: String,
    /// When it came.
    pub seen: Millis,
    /// For how many milliseconds it keeps the session open.
    pub lease: Millis,
}

/// An open session with an expired lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
#[expect(missing_docs, reason = "the columns")]
pub struct Overdue {
    pub id: i64,
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
}

/// Returns the classes with an open session that this token opened.
pub fn classes_of(conn: &mut Conn, enterprise_id: EnterpriseId, token_hash: &str) -> Result<Vec<ClassId>> {
    dsl::sessions
        .filter(dsl::token_hash.eq(token_hash))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .select(dsl::class_id)
        .load(conn)
}

/// Returns the open session in a class that this token opened.
pub fn opened_by(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    token_hash: &str,
) -> Result<Option<Session>> {
    let open = dsl::sessions
        .filter(dsl::token_hash.eq(token_hash))
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .load(conn)?;
    Ok(open.into_iter().next())
}

/// Moves the open sessions of some tokens of a user to another token.
pub fn hand_over(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str, from: &[String], to: &str) -> Result<()> {
    if from.is_empty() {
        return Ok(());
    }
    diesel::update(dsl::sessions)
        .filter(dsl::token_hash.eq_any(from))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::quit_time.is_null())
        .set(dsl::token_hash.eq(to))
        .execute(conn)
        .map(drop)
}

/// Renews the lease of an open session after a heartbeat. Returns false if the session is closed.
pub fn renew(conn: &mut Conn, session: &Session, seen: Millis, lease: Millis) -> Result<bool> {
    let until = (dsl::last_seen.eq(seen), dsl::lease_until.eq(seen.saturating_add(lease)));
    Ok(update::prepared(dsl::sessions, is_open(session.enterprise_id, session.id), until).execute(conn)? > 0)
}

/// Records heartbeats in one statement, each for the open session that its token opened, if the token is still valid.
/// Returns the hashes of the tokens that were recorded. Times that are already later are kept.
pub fn record(conn: &mut Conn, heartbeats: &[Heartbeat]) -> Result<HashSet<String>> {
    let until = |heartbeat: &Heartbeat| heartbeat.seen.saturating_add(heartbeat.lease);
    let rows: Vec<_> = heartbeats
        .iter()
        .map(|heartbeat| {
            (heartbeat.enterprise_id, heartbeat.class_id, &heartbeat.token_hash, heartbeat.seen, until(heartbeat))
        })
        .collect();
    let rows = serde_json::to_string(&rows).map_err(|e| crate::store::QueryError::SerializationError(e.into()))?;
    let (greater, read, end) = match conn {
        Conn::Sqlite(_) => (
            "max",
            "SELECT value ->> 0 AS enterprise_id, value ->> 1 AS class_id, value ->> 2 AS token_hash, \
             value ->> 3 AS seen, value ->> 4 AS until FROM json_each(",
            ")",
        ),
        Conn::Postgres(_) => (
            "greatest",
            "SELECT (value ->> 0)::bigint AS enterprise_id, (value ->> 1)::bigint AS class_id, value ->> 2 AS token_hash, \
             (value ->> 3)::bigint AS seen, (value ->> 4)::bigint AS until \
             FROM json_array_elements(CAST(",
            " AS json))",
        ),
    };
    let written: Vec<String> = Statement::<Text>::new(format!(
        "UPDATE sessions SET last_seen = {greater}(last_seen, b.seen), lease_until = {greater}(lease_until, b.until) \
         FROM ({read}"
    ))
    .text(rows)
    .sql(end)
    .sql(
        ") AS b WHERE sessions.token_hash = b.token_hash AND sessions.class_id = b.class_id \
         AND sessions.enterprise_id = b.enterprise_id AND sessions.quit_time IS NULL \
         AND sessions.token_hash IS NOT NULL AND sessions.lease_until IS NOT NULL \
         AND (EXISTS (SELECT 1 FROM users WHERE users.enterprise_id = sessions.enterprise_id \
         AND users.user_id = sessions.user_id AND users.token_hash = sessions.token_hash) \
         OR EXISTS (SELECT 1 FROM tokens WHERE tokens.token_hash = sessions.token_hash \
         AND tokens.expire_time > b.seen)) \
         RETURNING sessions.token_hash",
    )
    .load(conn)?;
    Ok(written.into_iter().collect())
}

/// Returns open sessions of any enterprise whose lease expired before `cutoff`, the longest expired first.
pub fn overdue(conn: &mut Conn, cutoff: Millis, at_once: i64) -> Result<Vec<Overdue>> {
    dsl::sessions
        .filter(dsl::quit_time.is_null())
        .filter(dsl::lease_until.lt(cutoff))
        .order(dsl::lease_until)
        .limit(at_once)
        .select((dsl::id, dsl::enterprise_id, dsl::class_id))
        .load(conn)
}

/// Returns open sessions of a class whose lease expired before `cutoff`, in the order in which they began.
pub fn overdue_in(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    cutoff: Millis,
    at_once: i64,
) -> Result<Vec<Session>> {
    dsl::sessions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::quit_time.is_null())
        .filter(dsl::lease_until.lt(cutoff))
        .order(dsl::id)
        .limit(at_once)
        .load(conn)
}

/// Closes a session whose lease expired before `cutoff`, as of its last heartbeat. Returns the time of that heartbeat;
/// `None` if the session is closed or was renewed meanwhile.
pub fn lapse(conn: &mut Conn, session: &Session, cutoff: Millis) -> Result<Option<Millis>> {
    CacheTag::Inside(session.class_id).changes();
    // `lease_until` may be NULL, which makes the comparison NULL. SQL treats that as false.
    let is_over = is_open(session.enterprise_id, session.id).and(dsl::lease_until.lt(cutoff).assume_not_null());
    let ended = (dsl::quit_time.eq(dsl::last_seen.nullable()), dsl::quit_reason.eq(QuitReason::Timeout));
    update::prepared(dsl::sessions, is_over, ended).returning(dsl::last_seen).get_result(conn).optional()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_open(enterprise_id: EnterpriseId, id: i64) -> _ {
    dsl::id.eq(id).and(dsl::enterprise_id.eq(enterprise_id)).and(dsl::quit_time.is_null())
}
