//! What the log of a class says of the people inside.
//!
//! Whoever changes a session calls one of these in the same transaction. Nothing else may be locked after it, so it comes
//! after the notices to the groups of the class.

use std::collections::HashSet;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::classroom::log::{Audience, LogEvent, MemberState};
use crate::store::classroom::session::{QuitReason, Session};
use crate::store::ids::{ClassId, EnterpriseId};

/// Appends what some users of a class are now. Those who are not inside are left out.
pub(in crate::domain) fn members<'a>(
    conn: &mut Conn,
    class: (EnterpriseId, ClassId),
    user_ids: impl IntoIterator<Item = &'a str>,
    now: Millis,
) -> Result<()> {
    let mut user_ids = user_ids.into_iter().peekable();
    if user_ids.peek().is_none() || store::classroom::log::last_sequence(conn, class.0, class.1)?.is_none() {
        return Ok(());
    }
    for user_id in user_ids {
        if let Some((session, user)) = store::classroom::session::person(conn, class.0, class.1, user_id)? {
            append(conn, class, MemberState::of(&session, user.as_ref()), now)?;
        }
    }
    Ok(())
}

/// Appends what some people of a class are now, if it differs from what they were before.
pub(in crate::domain) fn changed(
    conn: &mut Conn,
    class: (EnterpriseId, ClassId),
    before: &[Session],
    now: Millis,
) -> Result<()> {
    if before.is_empty() || store::classroom::log::last_sequence(conn, class.0, class.1)?.is_none() {
        return Ok(());
    }
    let mut seen = HashSet::new();
    // Of several states of one user, the first is the one before all changes.
    for before in before.iter().filter(|session| seen.insert(session.user_id.as_str())) {
        let found = store::classroom::session::person(conn, class.0, class.1, &before.user_id)?;
        let Some((session, user)) = found else { continue };
        let state = MemberState::of(&session, user.as_ref());
        if state != MemberState::of(before, user.as_ref()) {
            append(conn, class, state, now)?;
        }
    }
    Ok(())
}

fn append(conn: &mut Conn, class: (EnterpriseId, ClassId), member: MemberState, now: Millis) -> Result<()> {
    store::classroom::log::append(conn, class, &Audience::Everyone, &LogEvent::Member { member }, now)?;
    Ok(())
}

/// Appends that somebody left.
pub(in crate::domain) fn left(conn: &mut Conn, session: &Session, reason: QuitReason, now: Millis) -> Result<()> {
    let class = (session.enterprise_id, session.class_id);
    let event = LogEvent::MemberLeft { user_id: session.user_id.clone(), reason };
    store::classroom::log::append(conn, class, &Audience::Everyone, &event, now)?;
    Ok(())
}
