//! Sign-in of the components of classrooms: issuing, checking and ending their tokens.

use std::collections::HashSet;

use super::secret;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::token::NewToken;
use crate::store::tenancy::user::User;

/// Lifetime of a token: one week.
pub const GOOD_FOR: Millis = 7 * 24 * 3_600_000;
/// The longest lifetime of a token for one class: a day.
pub const LINK_AT_MOST: Millis = 24 * 3_600_000;
/// How many expired tokens are deleted when one is issued. It is more than one, so expired tokens never pile up.
const PURGED_AT_ONCE: i64 = 20;

/// Whom a token signs in, and where.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The user.
    pub user: User,
    /// The only class that the token is good for; `None` for all.
    pub only_in: Option<ClassId>,
}

impl Holder {
    /// Checks that the token is good for a class.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn check_in(&self, class_id: ClassId) -> Result<()> {
        match self.only_in {
            Some(only) if only != class_id => Err(Error::Forbidden(Forbidden::TokenOfOneClass { class_id: only })),
            _ => Ok(()),
        }
    }
}

/// Whom a token signs in: a token that was issued here, or the `user_token` of the user named beside it.
///
/// # Errors
/// [`Error::DeadToken`].
pub fn holder(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: Option<&str>,
    token_hash: &str,
    now: Millis,
) -> Result<Holder> {
    if let Some(user_id) = user_id {
        let found = store::tenancy::token::user_with(conn, enterprise_id, user_id, token_hash, now)?;
        return match found.ok_or(Error::DeadToken)? {
            (user, _, _) if secret::same(&user.token_hash, token_hash) => Ok(Holder { user, only_in: None }),
            (user, true, only_in) => Ok(Holder { user, only_in }),
            (_, false, _) => Err(Error::DeadToken),
        };
    }
    let found = store::tenancy::token::owner(conn, enterprise_id, token_hash, now)?;
    let (user, only_in) = found.ok_or(Error::DeadToken)?;
    Ok(Holder { user, only_in })
}

/// Whether each of some users still holds the token that they are shown with. The order is that of the users.
///
/// # Errors
/// Only those of the database.
pub(in crate::domain) fn valid(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    held: &[(&str, &str)],
    now: Millis,
) -> Result<Vec<bool>> {
    let hashes: Vec<String> = held.iter().map(|(_, token_hash)| (*token_hash).to_owned()).collect();
    let valid: HashSet<String> = store::tenancy::token::valid(conn, enterprise_id, &hashes, now)?.into_iter().collect();
    // The others may be the tokens of the users themselves.
    held.iter()
        .map(|(user_id, token_hash)| {
            let is_valid = valid.contains(*token_hash)
                || store::tenancy::user::find(conn, enterprise_id, user_id)?
                    .is_some_and(|user| secret::same(&user.token_hash, token_hash));
            Ok(is_valid)
        })
        .collect()
}

/// As [`holder`], for callers that are not about one class: a token for one class is not valid there.
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
    let Holder { user, only_in } = holder(conn, enterprise_id, user_id, token_hash, now)?;
    if only_in.is_none() { Ok(user) } else { Err(Error::DeadToken) }
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
    issue(conn, (shown.enterprise_id, &shown.user_id), None, (now, GOOD_FOR))
}

/// Issues a token that signs a locked user in to one class, for at most [`LINK_AT_MOST`]. Returns it and when it expires.
pub(in crate::domain) fn grant_in_class(
    conn: &mut Conn,
    user: &User,
    class_id: ClassId,
    valid: Millis,
    now: Millis,
) -> Result<(String, Millis)> {
    let valid = valid.min(LINK_AT_MOST);
    let token = issue(conn, (user.enterprise_id, &user.user_id), Some(class_id), (now, valid))?;
    Ok((token, now.saturating_add(valid)))
}

/// Keeps somebody who entered with a token for one class signed in, until [`LINK_AT_MOST`] after the token was issued: the
/// class may last longer than the link is valid. Does nothing for other tokens.
///
/// # Errors
/// Only those of the database.
pub fn extend(conn: &mut Conn, enterprise_id: EnterpriseId, token_hash: &str) -> Result<()> {
    Ok(store::tenancy::token::extend(conn, enterprise_id, token_hash, LINK_AT_MOST)?)
}

fn issue(
    conn: &mut Conn,
    (enterprise_id, user_id): (EnterpriseId, &str),
    class_id: Option<ClassId>,
    (now, lifetime): (Millis, Millis),
) -> Result<String> {
    let token = secret::token();
    store::tenancy::token::forget_expired(conn, now, PURGED_AT_ONCE)?;
    let new = NewToken {
        token_hash: secret::hash_token(&token),
        enterprise_id,
        user_id: user_id.to_owned(),
        create_time: now,
        expire_time: now.saturating_add(lifetime),
        class_id,
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
