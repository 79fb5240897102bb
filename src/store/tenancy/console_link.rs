//! Links that sign somebody of an enterprise in to the console, once. Only the hashes of their tokens are stored.

use super::operator::ConsoleRole;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::console_links;
use crate::store::schema::console_links::dsl;

/// A link.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = console_links, treat_none_as_default_value = false)]
pub struct ConsoleLink {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// The enterprise that it signs in to.
    pub enterprise_id: EnterpriseId,
    /// [`ConsoleRole::Admin`] or [`ConsoleRole::Support`].
    pub role: ConsoleRole,
    /// The name of who signs in.
    pub name: String,
    /// When it was made.
    pub create_time: Millis,
    /// Until when it can be used.
    pub expire_time: Millis,
}

/// Inserts a link.
pub fn insert(conn: &mut Conn, new: &ConsoleLink) -> Result<()> {
    diesel::insert_into(dsl::console_links).values(new).execute(conn).map(drop)
}

/// Whether there is a link.
pub fn exist(conn: &mut Conn) -> Result<bool> {
    Ok(dsl::console_links.select(dsl::role).limit(1).get_result::<ConsoleRole>(conn).optional()?.is_some())
}

/// Takes a link: it is deleted, so that it can be used only once.
pub fn take(conn: &mut Conn, token_hash: &str) -> Result<Option<ConsoleLink>> {
    let found: Option<ConsoleLink> = dsl::console_links.find(token_hash).get_result(conn).optional()?;
    // Of two who use it at the same time, one deletes it.
    let is_taken = diesel::delete(dsl::console_links.find(token_hash)).execute(conn)? > 0;
    Ok(found.filter(|_| is_taken))
}

/// Deletes up to `at_most` expired links.
pub fn forget_expired(conn: &mut Conn, now: Millis, at_most: i64) -> Result<()> {
    let expired: Vec<String> = dsl::console_links
        .filter(dsl::expire_time.le(now))
        .order(dsl::expire_time)
        .limit(at_most)
        .select(dsl::token_hash)
        .load(conn)?;
    if expired.is_empty() {
        return Ok(());
    }
    diesel::delete(dsl::console_links.filter(dsl::token_hash.eq_any(expired))).execute(conn).map(drop)
}
