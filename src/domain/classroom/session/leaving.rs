//! Leaving a class.

use super::component::Component;
use super::ending;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::tenancy::user;
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::classroom::session::QuitReason;
use crate::store::tenancy::enterprise::Enterprise;

/// Lets somebody out, at the word of the enterprise's back end; who is not inside is out already.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`].
pub fn quit(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, user_id: &str, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    rules::lock(conn, enterprise_id, class_id)?;
    user::require(conn, enterprise_id, user_id)?;
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(session) => ending::end(conn, enterprise, session, now, QuitReason::Quit),
        None => Ok(()),
    }
}

/// Lets a component out. One that is out already, or whose person is inside on another device by now, changes nothing.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn quit_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    component: &Component,
    now: Millis,
) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    rules::lock(conn, enterprise_id, class_id)?;
    match store::classroom::session::opened_by(conn, enterprise_id, class_id, &component.token_hash)? {
        Some(session) => ending::close(conn, enterprise, session, now, QuitReason::Quit),
        None => Ok(()),
    }
}

/// Whether somebody is inside a class.
pub(in crate::domain) fn check_inside(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_id: &str) -> Result<()> {
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(_) => Ok(()),
        None => Err(Error::Forbidden(Forbidden::NotInside { user_id: user_id.to_owned(), class_id })),
    }
}
