//! Sessions that end other than by leaving: by removal from the class, without heartbeats, or with the class.

use std::collections::{BTreeSet, HashSet};

use super::event::publish_left;
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::classroom::log;
use crate::domain::classroom::member;
use crate::domain::events::event::Extra;
use crate::domain::tenancy::user;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::ban::Ban;
use crate::store::classroom::class::{Class, Type};
pub use crate::store::classroom::session::Overdue;
use crate::store::classroom::session::{QuitReason, Session};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;

/// How long after its lease expired a session is ended, in milliseconds. The last heartbeats that an instance received
/// may not be recorded yet.
pub const GRACE: Millis = 5_000;

/// Ends an open session of a locked class, and appends that to its log.
pub(super) fn end(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: &Session,
    now: Millis,
    why: QuitReason,
) -> Result<()> {
    let reason = end_untold(conn, enterprise, session, now, why)?;
    log::left(conn, session, reason, now)
}

/// Ends an open session of a locked class. If its component has been silent for too long, the session ends at its last
/// heartbeat. Returns the reason that counts. The caller appends it to the log of the class.
pub(super) fn end_untold(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: &Session,
    now: Millis,
    why: QuitReason,
) -> Result<QuitReason> {
    // A session without a lease can't have lapsed, and the lock on the class keeps it from getting a lease.
    if session.lease_until.is_some()
        && let Some(last_seen) = store::classroom::session::lapse(conn, session, now.saturating_sub(GRACE))?
    {
        publish_left(conn, enterprise, session, last_seen, now)?;
        return Ok(QuitReason::Timeout);
    }
    close_untold(conn, enterprise, session, now, why)?;
    Ok(why)
}

/// Ends an open session now. It is alive, because its own component is calling.
pub(super) fn close(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: &Session,
    now: Millis,
    why: QuitReason,
) -> Result<()> {
    close_untold(conn, enterprise, session, now, why)?;
    log::left(conn, session, why, now)
}

fn close_untold(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: &Session,
    now: Millis,
    why: QuitReason,
) -> Result<()> {
    let time = ended(session.enter_time, now);
    store::classroom::session::close(conn, session, time, why)?;
    publish_left(conn, enterprise, session, time, now)
}

/// Ends all sessions of a locked class, because the class ends or is deleted. Its log gets one entry for that, not one
/// of everybody who leaves.
pub(in crate::domain) fn leave_all(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    why: QuitReason,
    now: Millis,
) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    lapse_all(conn, enterprise, class_id, i64::MAX, now)?;
    let is_subscribed = enterprise.callback_events.contains(&Extra::QuitClass);
    let sessions =
        if is_subscribed { store::classroom::session::open(conn, enterprise_id, class_id)? } else { Vec::new() };
    store::classroom::session::close_all(conn, enterprise_id, class_id, now, why)?;
    sessions.into_iter().try_for_each(|session| {
        let time = ended(session.enter_time, now);
        publish_left(conn, enterprise, &session, time, now)
    })
}

/// Ends the sessions of a user in some locked classes. Returns them with the reasons that count. The caller
/// [appends](log::left) that to the logs of the classes when nothing else is to be locked.
pub(in crate::domain) fn leave_each(
    conn: &mut Conn,
    enterprise: &Enterprise,
    (class_ids, user_id): (&BTreeSet<ClassId>, &str),
    why: QuitReason,
    now: Millis,
) -> Result<Vec<(Session, QuitReason)>> {
    let mut left = Vec::new();
    for class_id in class_ids {
        if let Some(session) = store::classroom::session::open_of(conn, enterprise.enterprise_id, *class_id, user_id)? {
            let reason = end_untold(conn, enterprise, &session, now, why)?;
            left.push((session, reason));
        }
    }
    Ok(left)
}

/// Removes members from a class that has not ended, and puts those who are inside out of it. Users who are not members are
/// ignored.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Invalid`] for the teacher and the assistant.
pub fn remove_members(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    user_ids: &[String],
    now: Millis,
) -> Result<()> {
    let (class, removed) = member::remove(conn, enterprise.enterprise_id, class_id, user_ids)?;
    let removed: HashSet<String> = removed.into_iter().collect();
    expel_unless(conn, enterprise, &class, |user_id| !removed.contains(user_id), now)
}

/// Puts users who lost their reservation out of a locked class, all but those who stay. Those who were inside a public
/// class can't enter it again until they are reserved again; a class that is not public admits no one else anyway.
pub(in crate::domain) fn expel_unless(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class: &Class,
    stays: impl Fn(&str) -> bool,
    now: Millis,
) -> Result<()> {
    for session in store::classroom::session::open(conn, class.enterprise_id, class.class_id)? {
        if !stays(&session.user_id) {
            expel_one(conn, enterprise, class.class_type == Type::Public, &session, now)?;
        }
    }
    Ok(())
}

/// Puts a user who lost the reservations for some locked classes out of them.
pub(in crate::domain) fn expel_from_each(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_ids: &[ClassId],
    user_id: &str,
    now: Millis,
) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    for session in store::classroom::session::open_in(conn, enterprise_id, class_ids, user_id)? {
        let class = rules::require(conn, enterprise_id, session.class_id)?;
        let is_admitted = class.class_type == Type::Public
            || store::classroom::member::role(conn, enterprise_id, session.class_id, user_id)?.is_some();
        expel_one(conn, enterprise, is_admitted, &session, now)?;
    }
    Ok(())
}

/// Puts a user out of some locked classes, inside or not, although they keep their reservations.
pub(in crate::domain) fn bar_from_each(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_ids: &[ClassId],
    user_id: &str,
    now: Millis,
) -> Result<()> {
    for class_id in class_ids {
        bar(conn, enterprise.enterprise_id, *class_id, user_id, now)?;
    }
    expel_from_each(conn, enterprise, class_ids, user_id, now)
}

fn expel_one(
    conn: &mut Conn,
    enterprise: &Enterprise,
    is_admitted: bool,
    session: &Session,
    now: Millis,
) -> Result<()> {
    if is_admitted {
        bar(conn, enterprise.enterprise_id, session.class_id, &session.user_id, now)?;
    } else {
        end_links(conn, enterprise.enterprise_id, session.class_id, &session.user_id)?;
    }
    end(conn, enterprise, session, now, QuitReason::Removed)
}

fn bar(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_id: &str, now: Millis) -> Result<()> {
    let ban = Ban { class_id, user_id: user_id.to_owned(), enterprise_id, create_time: now };
    store::classroom::ban::insert(conn, &ban)?;
    end_links(conn, enterprise_id, class_id, user_id)
}

/// Ends the links of a user to a class: who is put out needs a new one.
fn end_links(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_id: &str) -> Result<()> {
    Ok(store::tenancy::token::end_in_class(conn, enterprise_id, user_id, class_id)?)
}

/// A request to remove a user from a class.
#[derive(Clone, Copy, Debug)]
pub struct Kick<'a> {
    /// The user to remove.
    pub user_id: &'a str,
    /// The moderator who removes them.
    pub by: &'a str,
}

/// Removes a user from a class. They can't enter again until [`allow`], or until they are reserved for it again.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`] when `by` is no moderator, [`Error::UnknownUser`].
pub fn kick(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, kick: Kick<'_>, now: Millis) -> Result<()> {
    let Kick { user_id, by } = kick;
    let enterprise_id = enterprise.enterprise_id;
    let class = rules::lock(conn, enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    user::require(conn, enterprise_id, user_id)?;
    bar(conn, enterprise_id, class_id, user_id, now)?;
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(session) => end(conn, enterprise, &session, now, QuitReason::Kicked),
        None => Ok(()),
    }
}

/// Lets a removed user enter the class again. Other users are ignored.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::Forbidden`] when `by` is no moderator.
pub fn allow(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_id: &str, by: &str) -> Result<()> {
    let class = rules::lock(conn, enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    Ok(store::classroom::ban::lift(conn, enterprise_id, class_id, &[user_id.to_owned()])?)
}

/// Some sessions, of any enterprise, whose component has been silent for too long.
///
/// # Errors
/// Only those of the database.
pub fn overdue(conn: &mut Conn, now: Millis, at_once: i64) -> Result<Vec<Overdue>> {
    Ok(store::classroom::session::overdue(conn, now.saturating_sub(GRACE), at_once)?)
}

/// Ends sessions of a class whose component has been silent for too long, as of its last heartbeat. Returns their
/// number.
///
/// # Errors
/// Only those of the database. A class that was deleted has no sessions.
pub fn sweep(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    at_once: i64,
    now: Millis,
) -> Result<usize> {
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(0) };
    match rules::lock(conn, enterprise_id, class_id) {
        Ok(_) => {}
        Err(Error::UnknownClass(_)) => return Ok(0),
        Err(error) => return Err(error),
    }
    let lapsed = lapse_all(conn, &enterprise, class_id, at_once, now)?;
    lapsed.iter().try_for_each(|session| log::left(conn, session, QuitReason::Timeout, now))?;
    Ok(lapsed.len())
}

/// Ends the overdue sessions of a locked class, and returns them.
fn lapse_all(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    at_once: i64,
    now: Millis,
) -> Result<Vec<Session>> {
    let cutoff = now.saturating_sub(GRACE);
    let mut ended = Vec::new();
    for session in store::classroom::session::overdue_in(conn, enterprise.enterprise_id, class_id, cutoff, at_once)? {
        if let Some(last_seen) = store::classroom::session::lapse(conn, &session, cutoff)? {
            publish_left(conn, enterprise, &session, last_seen, now)?;
            ended.push(session);
        }
    }
    Ok(ended)
}
