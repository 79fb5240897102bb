//! Sessions of the console: who is signed in. Only the hashes of their tokens are stored.

use super::operator::ConsoleRole;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::console_sessions;
use crate::store::schema::console_sessions::dsl;

/// A session.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = console_sessions, treat_none_as_default_value = false)]
pub struct ConsoleSession {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// The operator; `None` for somebody who came by a link.
    pub operator_id: Option<i64>,
    /// The only enterprise that they see; `None` for all.
    pub enterprise_id: Option<EnterpriseId>,
    /// What they may do.
    pub role: ConsoleRole,
    /// Their name.
    pub name: String,
    /// When they signed in.
    pub create_time: Millis,
    /// When they were last seen, to the minute.
    pub seen_time: Millis,
    /// When the session ends, however much it is used.
    pub expire_time: Millis,
}

/// Inserts a session.
pub fn insert(conn: &mut Conn, new: &ConsoleSession) -> Result<()> {
    diesel::insert_into(dsl::console_sessions).values(new).execute(conn).map(drop)
}

/// Whether there is a session.
pub fn exist(conn: &mut Conn) -> Result<bool> {
    Ok(dsl::console_sessions.select(dsl::role).limit(1).get_result::<ConsoleRole>(conn).optional()?.is_some())
}

/// Returns the session of a token.
pub fn find(conn: &mut Conn, token_hash: &str) -> Result<Option<ConsoleSession>> {
    dsl::console_sessions.find(token_hash).get_result(conn).optional()
}

/// Records when somebody was last seen.
pub fn seen(conn: &mut Conn, token_hash: &str, now: Millis) -> Result<()> {
    diesel::update(dsl::console_sessions.find(token_hash)).set(dsl::seen_time.eq(now)).execute(conn).map(drop)
}

/// Ends a session.
pub fn end(conn: &mut Conn, token_hash: &str) -> Result<()> {
    diesel::delete(dsl::console_sessions.find(token_hash)).execute(conn).map(drop)
}

/// Ends all sessions of an operator.
pub fn end_of_operator(conn: &mut Conn, operator_id: i64) -> Result<()> {
    diesel::delete(dsl::console_sessions.filter(dsl::operator_id.eq(operator_id))).execute(conn).map(drop)
}

/// Deletes up to `at_most` expired sessions.
pub fn forget_expired(conn: &mut Conn, now: Millis, at_most: i64) -> Result<()> {
    let expired: Vec<String> = dsl::console_sessions
        .filter(dsl::expire_time.le(now))
        .order(dsl::expire_time)
        .limit(at_most)
        .select(dsl::token_hash)
        .load(conn)?;
    if expired.is_empty() {
        return Ok(());
    }
    diesel::delete(dsl::console_sessions.filter(dsl::token_hash.eq_any(expired))).execute(conn).map(drop)
}
