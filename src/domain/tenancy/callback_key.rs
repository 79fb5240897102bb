//! The callback key of an enterprise: it signs callbacks in place of the `tic_key`, so that the signature of a callback is no
//! credential for calls.

use super::{enterprise, secret};
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
pub use crate::store::tenancy::callback_key::find;

/// Sets the callback key of an enterprise. An empty one removes it: the `tic_key` signs again.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`, and for a key that is too short, or the `tic_key`.
pub fn set(conn: &mut Conn, sdkappid: i64, key: &str) -> Result<()> {
    let enterprise = enterprise::lock(conn, sdkappid)?;
    if key.is_empty() {
        return Ok(store::tenancy::callback_key::set(conn, enterprise.enterprise_id, None)?);
    }
    enterprise::check_key(Field::CallbackKey, key)?;
    let signs_calls = [Some(&enterprise.tic_key), enterprise.old_tic_key.as_ref()];
    if signs_calls.into_iter().flatten().any(|tic_key| secret::same(tic_key, key)) {
        return Err(Error::invalid(Field::CallbackKey, Problem::SignsCalls));
    }
    Ok(store::tenancy::callback_key::set(conn, enterprise.enterprise_id, Some(key))?)
}

/// Gives an enterprise a new callback key, and returns it. The next callback is signed with it.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`.
pub fn rotate(conn: &mut Conn, sdkappid: i64) -> Result<String> {
    let key = secret::key();
    set(conn, sdkappid, &key)?;
    Ok(key)
}
