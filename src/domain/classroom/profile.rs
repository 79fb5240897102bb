//! Changing users who may be inside classes. Those who follow a class see their names and pictures.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::log;
use crate::domain::tenancy::user;
use crate::domain::tenancy::user::Patch;
use crate::store;
use crate::store::ids::EnterpriseId;

/// Changes a user.
///
/// # Errors
/// [`Error::UnknownUser`](crate::domain::Error::UnknownUser), [`Error::Invalid`](crate::domain::Error::Invalid).
pub fn modify(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str, patch: Patch, now: Millis) -> Result<()> {
    let is_seen = patch.nickname.is_some() || patch.avatar.is_some();
    user::modify(conn, enterprise_id, user_id, patch, now)?;
    if !is_seen {
        return Ok(());
    }
    // The locks keep the states of the user from changing between their reading and the end of the transaction.
    let class_ids = store::classroom::session::classes_of_user(conn, enterprise_id, user_id)?;
    for class_id in &class_ids {
        store::classroom::class::lock(conn, enterprise_id, *class_id)?;
    }
    for class_id in class_ids {
        log::members(conn, (enterprise_id, class_id), [user_id], now)?;
    }
    Ok(())
}
