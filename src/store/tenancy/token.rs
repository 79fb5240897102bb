//! Access tokens of the components in classrooms. They expire after some days; those of links to a class after some hours, and
//! they are for that class only. Only their hashes are stored.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::tokens::dsl;
use crate::store::schema::{tokens, users};
use crate::store::tenancy::user::User;
use crate::store::{CacheTag, Result};

/// The maximum number of hashes in one statement. SQLite allows at most 32,766 values.
const HASHES_AT_ONCE: usize = 10_000;

/// A token to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = tokens, treat_none_as_default_value = false)]
pub struct NewToken {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// The enterprise of the user.
    pub enterprise_id: EnterpriseId,
    /// The user who is signed in with it.
    pub user_id: String,
    /// When it was issued.
    pub create_time: Millis,
    /// When it expires.
    pub expire_time: Millis,
    /// The only class that it signs in to; `None` for all.
    pub class_id: Option<ClassId>,
}

/// Inserts a token.
pub fn insert(conn: &mut Conn, new: &NewToken) -> Result<()> {
    diesel::insert_into(dsl::tokens).values(new).execute(conn).map(drop)
}

/// Returns the user of a token that is valid at `now`, and the only class that it signs in to, if it is for one class.
pub fn owner(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    token_hash: &str,
    now: Millis,
) -> Result<Option<(User, Option<ClassId>)>> {
    let theirs = users::user_id.eq(dsl::user_id).and(users::enterprise_id.eq(dsl::enterprise_id));
    dsl::tokens
        .inner_join(users::table.on(theirs))
        .filter(dsl::token_hash.eq(token_hash))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::expire_time.gt(now))
        .select((users::all_columns, dsl::class_id))
        .get_result(conn)
        .optional()
}

/// Returns a user, whether a token is theirs and valid at `now`, and the only class that it signs in to, if it is for one
/// class.
pub fn user_with(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: &str,
    token_hash: &str,
    now: Millis,
) -> Result<Option<(User, bool, Option<ClassId>)>> {
    let theirs = dsl::token_hash
        .eq(token_hash)
        .and(dsl::user_id.eq(users::user_id))
        .and(dsl::enterprise_id.eq(users::enterprise_id))
        .and(dsl::expire_time.gt(now));
    users::table
        .left_join(dsl::tokens.on(theirs))
        .filter(users::enterprise_id.eq(enterprise_id))
        .filter(users::user_id.eq(user_id))
        .select((users::all_columns, dsl::token_hash.nullable().is_not_null(), dsl::class_id.nullable()))
        .get_result(conn)
        .optional()
}

/// Returns which of some tokens of components are valid at `now`.
pub fn valid(conn: &mut Conn, enterprise_id: EnterpriseId, hashes: &[String], now: Millis) -> Result<Vec<String>> {
    let mut valid = Vec::new();
    for some in hashes.chunks(HASHES_AT_ONCE) {
        let found: Vec<String> = dsl::tokens
            .filter(dsl::token_hash.eq_any(some))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::expire_time.gt(now))
            .select(dsl::token_hash)
            .load(conn)?;
        valid.extend(found);
    }
    Ok(valid)
}

/// Lets a token for one class expire `lifetime` after it was issued. Does nothing for other tokens.
pub fn extend(conn: &mut Conn, enterprise_id: EnterpriseId, token_hash: &str, lifetime: Millis) -> Result<()> {
    diesel::update(dsl::tokens.find(token_hash))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::class_id.is_not_null())
        .set(dsl::expire_time.eq(dsl::create_time + lifetime))
        .execute(conn)
        .map(drop)
}

/// Revokes the tokens that sign a user in to one class only.
pub fn end_in_class(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str, class_id: ClassId) -> Result<()> {
    CacheTag::Tokens(enterprise_id).changes();
    diesel::delete(dsl::tokens)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::class_id.eq(class_id))
        .execute(conn)
        .map(drop)
}

/// Revokes all tokens of a user. Returns their hashes.
pub fn end_all(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<Vec<String>> {
    CacheTag::Tokens(enterprise_id).changes();
    diesel::delete(dsl::tokens)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .returning(dsl::token_hash)
        .get_results(conn)
}

/// Revokes all tokens of a user but one. Returns the hashes of the revoked tokens.
pub fn end_others(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str, but: &str) -> Result<Vec<String>> {
    CacheTag::Tokens(enterprise_id).changes();
    diesel::delete(dsl::tokens)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::token_hash.ne(but))
        .returning(dsl::token_hash)
        .get_results(conn)
}

/// Revokes a token. Returns whether it was still valid.
pub fn end(conn: &mut Conn, enterprise_id: EnterpriseId, token_hash: &str, now: Millis) -> Result<bool> {
    CacheTag::Tokens(enterprise_id).changes();
    let ended = diesel::delete(dsl::tokens.find(token_hash))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::expire_time.gt(now))
        .execute(conn)?;
    Ok(ended > 0)
}

/// Deletes up to `at_most` expired tokens of any enterprise.
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
