//! Signs of life of components: what the first of a stay has to show, and the writing down of many.

use std::collections::HashSet;

use super::Component;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Result};
use crate::store;
pub use crate::store::session::Sign;

/// What is known of the open stay of a component.
#[derive(Clone, Copy, Debug)]
pub struct Alive {
    /// The last sign of life that is written down.
    pub last_seen: Millis,
    /// Whether the lease ran out and [`revive`] has to be asked, because the stay may be ended at any time.
    pub lapsed: bool,
}

/// Looks for the open stay of a component in a class.
///
/// # Errors
/// [`Error::DeadToken`]; [`Error::NotInside`] when the token opened no stay there that is still open.
pub fn alive(conn: &mut Conn, enterprise_id: i64, class_id: i64, component: &Component, now: Millis) -> Result<Alive> {
    let Component { user_id, token_hash, .. } = component;
    if !store::session::is_good_token(conn, enterprise_id, user_id, token_hash, now)? {
        return Err(Error::DeadToken);
    }
    let stay = store::session::opened_by(conn, enterprise_id, class_id, token_hash)?;
    let stay = stay.filter(|stay| stay.user_id == *user_id).ok_or_else(|| not_inside(class_id, component))?;
    Ok(Alive { last_seen: stay.last_seen, lapsed: stay.lease_until.is_none_or(|until| until < now) })
}

/// Keeps a stay open whose lease ran out, unless it was ended.
///
/// # Errors
/// [`Error::NotInside`].
pub fn revive(conn: &mut Conn, enterprise_id: i64, class_id: i64, component: &Component, now: Millis) -> Result<()> {
    if let Some(stay) = store::session::opened_by(conn, enterprise_id, class_id, &component.token_hash)?
        && store::session::renew(conn, &stay, now.max(stay.last_seen), component.lease)?
    {
        return Ok(());
    }
    Err(not_inside(class_id, component))
}

/// Writes signs of life down. Returns the tokens of those whose stay is still open.
///
/// # Errors
/// Only the database's.
pub fn record(conn: &mut Conn, signs: &[Sign], lease: Millis) -> Result<HashSet<String>> {
    Ok(store::session::record(conn, signs, lease)?)
}

fn not_inside(class_id: i64, component: &Component) -> Error {
    Error::NotInside { user_id: component.user_id.clone(), class_id }
}
