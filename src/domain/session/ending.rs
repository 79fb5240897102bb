//! How stays end other than by leaving: put out, out of breath, or with the class.

use super::{QuitReason, Session, tell_left};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Result, class, event::Extra, member, user};
use crate::store;
use crate::store::ban::Ban;
use crate::store::enterprise::Enterprise;
pub use crate::store::session::Overdue;

/// How long after its lease ran out a stay is ended: what an instance was told last may not be written down yet.
pub const GRACE: Millis = 5_000;

/// Ends an open stay, of a class that is locked. One whose component has been silent for too long ended before.
pub(super) fn end(conn: &mut Conn, enterprise: &Enterprise, stay: Session, now: Millis, why: QuitReason) -> Result<()> {
    // One without a lease can't have lapsed, and gets none as long as the class is locked.
    if stay.lease_until.is_some()
        && let Some(last_seen) = store::session::lapse(conn, &stay, now.saturating_sub(GRACE))?
    {
        return tell_left(conn, enterprise, stay, last_seen, now);
    }
    close(conn, enterprise, stay, now, why)
}

/// Ends an open stay now: it lives, for its own component says so.
pub(super) fn close(
    conn: &mut Conn,
    enterprise: &Enterprise,
    stay: Session,
    now: Millis,
    why: QuitReason,
) -> Result<()> {
    // The clock may have been set back since.
    let time = now.max(stay.enter_time);
    store::session::close(conn, &stay, time, why)?;
    tell_left(conn, enterprise, stay, time, now)
}

/// Lets everybody out, because the class ends.
pub(in crate::domain) fn leave_all(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    lapse_all(conn, enterprise, class_id, i64::MAX, now)?;
    let told = enterprise.callback_events.contains(&Extra::QuitClass);
    let stays = if told { store::session::open(conn, enterprise_id, class_id)? } else { Vec::new() };
    store::session::close_all(conn, enterprise_id, class_id, now, QuitReason::ClassEnded)?;
    stays.into_iter().try_for_each(|stay| tell_left(conn, enterprise, stay, now, now))
}

/// Puts somebody out of a class, who may then not come back until [`allow`] or until they are reserved for it once more.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`] when `by` may not, [`Error::UnknownUser`].
pub fn kick(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    user_id: &str,
    by: &str,
    now: Millis,
) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    let class = class::lock(conn, enterprise_id, class_id)?;
    member::check_leads(conn, &class, by)?;
    user::known(conn, enterprise_id, user_id)?;
    let ban = Ban { class_id, user_id: user_id.to_owned(), enterprise_id, create_time: now };
    store::ban::insert(conn, &ban)?;
    match store::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(stay) => end(conn, enterprise, stay, now, QuitReason::Kicked),
        None => Ok(()),
    }
}

/// Lets somebody who was put out of a class come back; who was not is no error.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`] when `by` may not.
pub fn allow(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_id: &str, by: &str) -> Result<()> {
    let class = class::lock(conn, enterprise_id, class_id)?;
    member::check_leads(conn, &class, by)?;
    Ok(store::ban::lift(conn, enterprise_id, class_id, &[user_id.to_owned()])?)
}

/// Stays of any enterprise whose component has been silent for too long, some of them.
///
/// # Errors
/// Only the database's.
pub fn overdue(conn: &mut Conn, now: Millis, at_once: i64) -> Result<Vec<Overdue>> {
    Ok(store::session::overdue(conn, now.saturating_sub(GRACE), at_once)?)
}

/// Ends stays of a class whose component has been silent for too long, at its last sign of life, and says how many.
///
/// # Errors
/// Only the database's: a class that is gone has no stays.
pub fn sweep(conn: &mut Conn, enterprise_id: i64, class_id: i64, at_once: i64, now: Millis) -> Result<usize> {
    let Some(enterprise) = store::enterprise::get(conn, enterprise_id)? else { return Ok(0) };
    match class::lock(conn, enterprise_id, class_id) {
        Ok(_) => lapse_all(conn, &enterprise, class_id, at_once, now),
        Err(Error::UnknownClass(_)) => Ok(0),
        Err(error) => Err(error),
    }
}

fn lapse_all(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, at_once: i64, now: Millis) -> Result<usize> {
    let cutoff = now.saturating_sub(GRACE);
    let mut ended = 0;
    for stay in store::session::overdue_in(conn, enterprise.enterprise_id, class_id, cutoff, at_once)? {
        if let Some(last_seen) = store::session::lapse(conn, &stay, cutoff)? {
            tell_left(conn, enterprise, stay, last_seen, now)?;
            ended += 1;
        }
    }
    Ok(ended)
}
