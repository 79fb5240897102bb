//! Sign-in of the components of classrooms: issuing, checking and ending their tokens.

use super::secret;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::token::NewToken;
use crate::store::tenancy::user::User;

/// Lifetime of a token: one week.
pub const GOOD_FOR: Millis = 7 * 24 * 3_600_000;
/// How many expired tokens are deleted when one is issued. It is more than one, so expired tokens never pile up.
const PURGED_AT_ONCE: i64 = 20;

/// The user whom a token authenticates: a token issued by [`grant`], or the `user_token` of the user named beside it.
///
/// # Errors
/// [`Error::DeadToken`].
pub fn owner(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: Option<&str>,
    token_hash: &str,
    now: Millis,
) -> Result<User> {
    if let Some(user_id) = user_id {
        let user = store::tenancy::user::find(conn, enterprise_id, user_id)?.ok_or(Error::DeadToken)?;
        if secret::same(&user.token_hash, token_hash) {
            return Ok(user);
        }
        let owner = store::tenancy::token::owner(conn, enterprise_id, token_hash, now)?;
        return if owner.as_deref() == Some(user_id) { Ok(user) } else { Err(Error::DeadToken) };
    }
    let user_id = store::tenancy::token::owner(conn, enterprise_id, token_hash, now)?.ok_or(Error::DeadToken)?;
    store::tenancy::user::find(conn, enterprise_id, &user_id)?.ok_or(Error::DeadToken)
}

/// Issues a token to an authenticated user.
///
/// # Errors
/// [`Error::DeadToken`] when their `user_token` was renewed or their password was set since `shown` was read.
pub fn grant(conn: &mut Conn, shown: &User, now: Millis) -> Result<String> {
    let user = store::tenancy::user::lock(conn, shown.enterprise_id, &shown.user_id)?;
    let is_as_shown = |user: User| user.token_hash == shown.token_hash && user.password_hash == shown.password_hash;
    if !user.is_some_and(is_as_shown) {
        return Err(Error::DeadToken);
    }
    let token = secret::token();
    store::tenancy::token::forget_expired(conn, now, PURGED_AT_ONCE)?;
    let new = NewToken {
        token_hash: secret::hash_token(&token),
        enterprise_id: shown.enterprise_id,
        user_id: shown.user_id.clone(),
        create_time: now,
        expire_time: now.saturating_add(GOOD_FOR),
    };
    store::tenancy::token::insert(conn, &new)?;
    Ok(token)
}

/// Ends a token.
///
/// # Errors
/// [`Error::DeadToken`] when it is not valid any more.
pub fn end(conn: &mut Conn, enterprise_id: EnterpriseId, token_hash: &str, now: Millis) -> Result<()> {
    if store::tenancy::token::end(conn, enterprise_id, token_hash, now)? { Ok(()) } else { Err(Error::DeadToken) }
}
