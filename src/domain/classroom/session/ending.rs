//! How stays end other than by leaving: put out, out of breath, or with the class.

use super::event::tell_left;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::classroom::member;
use crate::domain::events::event::Extra;
use crate::domain::tenancy::user;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::ban::Ban;
pub use crate::store::classroom::session::Overdue;
use crate::store::classroom::session::{QuitReason, Session};
use crate::store::tenancy::enterprise::Enterprise;

/// How long after its lease ran out a stay is ended: what an instance was told last may not be written down yet.
pub const GRACE: Millis = 5_000;

/// Ends an open stay, of a class that is locked. One whose component has been silent for too long ended before.
pub(super) fn end(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: Session,
    now: Millis,
    why: QuitReason,
) -> Result<()> {
    // One without a lease can't have lapsed, and gets none as long as the class is locked.
    if session.lease_until.is_some()
        && let Some(last_seen) = store::classroom::session::lapse(conn, &session, now.saturating_sub(GRACE))?
    {
        return tell_left(conn, enterprise, session, last_seen, now);
    }
    close(conn, enterprise, session, now, why)
}

/// Ends an open stay now: it lives, for its own component says so.
pub(super) fn close(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: Session,
    now: Millis,
    why: QuitReason,
) -> Result<()> {
    // The clock may have been set back since.
    let time = now.max(session.enter_time);
    store::classroom::session::close(conn, &session, time, why)?;
    tell_left(conn, enterprise, session, time, now)
}

/// Lets everybody out, because the class ends.
pub(in crate::domain) fn leave_all(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    lapse_all(conn, enterprise, class_id, i64::MAX, now)?;
    let told = enterprise.callback_events.contains(&Extra::QuitClass);
    let sessions = if told { store::classroom::session::open(conn, enterprise_id, class_id)? } else { Vec::new() };
    store::classroom::session::close_all(conn, enterprise_id, class_id, now, QuitReason::ClassEnded)?;
    sessions.into_iter().try_for_each(|session| tell_left(conn, enterprise, session, now, now))
}

/// Somebody is put out.
#[derive(Clone, Copy, Debug)]
pub struct Kick<'a> {
    /// Who.
    pub user_id: &'a str,
    /// At whose word.
    pub by: &'a str,
}

/// Puts somebody out of a class, who may then not come back until [`allow`] or until they are reserved for it once more.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`] when `by` may not, [`Error::UnknownUser`].
pub fn kick(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, kick: Kick<'_>, now: Millis) -> Result<()> {
    let Kick { user_id, by } = kick;
    let enterprise_id = enterprise.enterprise_id;
    let class = rules::lock(conn, enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    user::require(conn, enterprise_id, user_id)?;
    let ban = Ban { class_id, user_id: user_id.to_owned(), enterprise_id, create_time: now };
    store::classroom::ban::insert(conn, &ban)?;
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(session) => end(conn, enterprise, session, now, QuitReason::Kicked),
        None => Ok(()),
    }
}

/// Lets somebody who was put out of a class come back; who was not is no error.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`] when `by` may not.
pub fn allow(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_id: &str, by: &str) -> Result<()> {
    let class = rules::lock(conn, enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    Ok(store::classroom::ban::lift(conn, enterprise_id, class_id, &[user_id.to_owned()])?)
}

/// Stays of any enterprise whose component has been silent for too long, some of them.
///
/// # Errors
/// Only the database's.
pub fn overdue(conn: &mut Conn, now: Millis, at_once: i64) -> Result<Vec<Overdue>> {
    Ok(store::classroom::session::overdue(conn, now.saturating_sub(GRACE), at_once)?)
}

/// Ends stays of a class whose component has been silent for too long, at its last sign of life, and says how many.
///
/// # Errors
/// Only the database's: a class that is gone has no stays.
pub fn sweep(conn: &mut Conn, enterprise_id: i64, class_id: i64, at_once: i64, now: Millis) -> Result<usize> {
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(0) };
    match rules::lock(conn, enterprise_id, class_id) {
        Ok(_) => lapse_all(conn, &enterprise, class_id, at_once, now),
        Err(Error::UnknownClass(_)) => Ok(0),
        Err(error) => Err(error),
    }
}

fn lapse_all(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, at_once: i64, now: Millis) -> Result<usize> {
    let cutoff = now.saturating_sub(GRACE);
    let mut ended = 0;
    for session in store::classroom::session::overdue_in(conn, enterprise.enterprise_id, class_id, cutoff, at_once)? {
        if let Some(last_seen) = store::classroom::session::lapse(conn, &session, cutoff)? {
            tell_left(conn, enterprise, session, last_seen, now)?;
            ended += 1;
        }
    }
    Ok(ended)
}
