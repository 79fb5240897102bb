//! Leaving a class.

use super::component::Component;
use super::ending;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::classroom::member;
use crate::domain::tenancy::user;
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::classroom::session::QuitReason;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;

/// Ends the session of a user, on request of the enterprise's back end. A user who is not inside is ignored.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`].
pub fn quit(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, user_id: &str, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    rules::lock(conn, enterprise_id, class_id)?;
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(session) => ending::end(conn, enterprise, &session, now, QuitReason::Quit),
        None => user::require(conn, enterprise_id, user_id).map(drop),
    }
}

/// Ends the session of a component. Does nothing when it has left already, or when its user is inside on another device
/// by now.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn quit_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    component: &Component,
    now: Millis,
) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    let class = rules::lock(conn, enterprise_id, class_id)?;
    if let Some(session) = store::classroom::session::opened_by(conn, enterprise_id, class_id, &component.token_hash)? {
        return ending::close(conn, enterprise, &session, now, QuitReason::Quit);
    }
    let user = user::require(conn, enterprise_id, &component.user_id)?;
    if member::is_hidden(conn, &class, &user)? { Err(Error::UnknownClass(class_id)) } else { Ok(()) }
}

/// Checks that a user is inside a class.
pub(in crate::domain) fn check_inside(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
) -> Result<()> {
    if store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)?.is_some() {
        return Ok(());
    }
    let class = rules::require(conn, enterprise_id, class_id)?;
    let refusal = Error::Forbidden(Forbidden::NotInside { user_id: user_id.to_owned(), class_id });
    Err(member::refusal(conn, &class, user_id, refusal)?)
}
