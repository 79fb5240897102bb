//! Enterprise tokens: they authenticate an enterprise's own programs at the IM protocol. Each has a name and can be
//! revoked.

use super::{enterprise, secret};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::tenancy::enterprise::Enterprise;
pub use crate::store::tenancy::enterprise_token::EnterpriseToken;
use crate::store::tenancy::enterprise_token::NewEnterpriseToken;
use crate::store::tenancy::settings::ChatSettings;

/// Creates a token and returns it. Only its hash is stored, so the token can't be shown again.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`, and for a name that is invalid or in use.
pub fn create(conn: &mut Conn, sdkappid: i64, name: &str, now: Millis) -> Result<String> {
    let enterprise_id = enterprise::require(conn, sdkappid)?.enterprise_id;
    if name.is_empty() || name.chars().count() > 64 || name.contains(char::is_control) {
        return Err(Error::invalid(Field::TokenName, Problem::NotName { min: 1, max: 64 }));
    }
    let token = secret::token();
    let token_hash = secret::hash_token(&token);
    let new = NewEnterpriseToken { enterprise_id, name: name.to_owned(), token_hash, create_time: now };
    if store::tenancy::enterprise_token::insert(conn, &new)? {
        Ok(token)
    } else {
        Err(Error::invalid(Field::TokenName, Problem::TokenExists { enterprise: sdkappid, name: name.to_owned() }))
    }
}

/// The tokens of an enterprise, oldest first.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`.
pub fn list(conn: &mut Conn, sdkappid: i64) -> Result<Vec<EnterpriseToken>> {
    let enterprise_id = enterprise::require(conn, sdkappid)?.enterprise_id;
    Ok(store::tenancy::enterprise_token::list(conn, enterprise_id)?)
}

/// Revokes a token. It is invalid from now on.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`, and when the enterprise has no token of this name.
pub fn revoke(conn: &mut Conn, sdkappid: i64, name: &str) -> Result<()> {
    let enterprise_id = enterprise::require(conn, sdkappid)?.enterprise_id;
    if store::tenancy::enterprise_token::delete(conn, enterprise_id, name)? {
        Ok(())
    } else {
        Err(Error::invalid(Field::TokenName, Problem::NoToken { enterprise: sdkappid, name: name.to_owned() }))
    }
}

/// The enterprise that owns a token, with its chat settings.
///
/// # Errors
/// Only those of the database.
pub fn owner(conn: &mut Conn, token: &str) -> Result<Option<(Enterprise, ChatSettings)>> {
    Ok(store::tenancy::enterprise_token::owner(conn, &secret::hash_token(token))?)
}
