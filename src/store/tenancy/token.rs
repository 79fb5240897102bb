//! Tokens: what the components in classrooms are signed in with, for some days. Only the hash of each is stored.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::tokens;
use crate::store::schema::tokens::dsl;

/// A token that was given out.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = tokens, treat_none_as_default_value = false)]
pub struct NewToken {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// Whose user it signs in.
    pub enterprise_id: i64,
    /// Whom it signs in.
    pub user_id: String,
    /// When it was given out.
    pub create_time: Millis,
    /// From when on it is good for nothing.
    pub expire_time: Millis,
}

/// Keeps a token.
pub fn insert(conn: &mut Conn, new: &NewToken) -> Result<()> {
    diesel::insert_into(dsl::tokens).values(new).execute(conn).map(drop)
}

/// Whom a token signs in at a time.
pub fn owner(conn: &mut Conn, enterprise_id: i64, token_hash: &str, now: Millis) -> Result<Option<String>> {
    dsl::tokens
        .find(token_hash)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::expire_time.gt(now))
        .select(dsl::user_id)
        .get_result(conn)
        .optional()
}

/// Ends all tokens of a user.
pub fn end_all(conn: &mut Conn, enterprise_id: i64, user_id: &str) -> Result<()> {
    diesel::delete(dsl::tokens)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .execute(conn)
        .map(drop)
}

/// Ends all tokens of a user but one, and returns what they were stored as.
pub fn end_others(conn: &mut Conn, enterprise_id: i64, user_id: &str, but: &str) -> Result<Vec<String>> {
    diesel::delete(dsl::tokens)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::token_hash.ne(but))
        .returning(dsl::token_hash)
        .get_results(conn)
}

/// Ends a token; says whether it was good until now.
pub fn end(conn: &mut Conn, enterprise_id: i64, token_hash: &str, now: Millis) -> Result<bool> {
    let ended = diesel::delete(dsl::tokens.find(token_hash))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::expire_time.gt(now))
        .execute(conn)?;
    Ok(ended > 0)
}

/// Removes some of the tokens that have expired, of whichever enterprise.
pub fn forget_expired(conn: &mut Conn, now: Millis, at_most: i64) -> Result<()> {
    let expired: Vec<String> = dsl::tokens
        .filter(dsl::expire_time.le(now))
        .order(dsl::expire_time)
        .limit(at_most)
        .select(dsl::token_hash)
        .load(conn)?;
    if expired.is_empty() {
        return Ok(());
    }
    diesel::delete(dsl::tokens).filter(dsl::token_hash.eq_any(expired)).execute(conn).map(drop)
}
