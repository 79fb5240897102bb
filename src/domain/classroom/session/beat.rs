//! Heartbeats of components: checking the first one of a session, and recording many at once.

use std::collections::HashSet;

use super::component::Component;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::tenancy::token;
use crate::domain::{Error, Result};
use crate::store;
pub use crate::store::classroom::session::Heartbeat;
use crate::store::classroom::session::{Refresh, Session};
use crate::store::ids::{ClassId, EnterpriseId};

/// The state of the open session of a component.
#[derive(Clone, Copy, Debug)]
pub struct Alive {
    /// The time of the last recorded heartbeat.
    pub last_seen: Millis,
    /// Whether the lease has expired. The session may then be ended at any time, so [`revive`] must be called.
    pub lapsed: bool,
}

/// Looks up the open session of a component in a class. A session opened by a signed call can be taken over by the
/// component.
///
/// # Errors
/// [`Error::DeadToken`]; [`Error::Forbidden`] for a token that is for another class; [`Error::NotInside`] when there is no such
/// open session.
pub fn alive(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    component: &Component,
    now: Millis,
) -> Result<Alive> {
    let Component { user_id, token_hash, .. } = component;
    token::holder(conn, enterprise_id, Some(user_id.as_str()), token_hash, now)?.check_in(class_id)?;
    let own = store::classroom::session::opened_by(conn, enterprise_id, class_id, token_hash)?;
    let session = match own.filter(|session| session.user_id == *user_id) {
        Some(own) => own,
        None => unclaimed(conn, enterprise_id, class_id, component)?.ok_or_else(|| not_inside(class_id, component))?,
    };
    Ok(Alive { last_seen: session.last_seen, lapsed: session.lease_until.is_none_or(|until| until < now) })
}

/// The open session of the component's user that no component holds, because the back end opened it.
fn unclaimed(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    component: &Component,
) -> Result<Option<Session>> {
    if !store::classroom::session::classes_of(conn, enterprise_id, &component.token_hash)?.is_empty() {
        return Ok(None);
    }
    let open = store::classroom::session::open_of(conn, enterprise_id, class_id, &component.user_id)?;
    Ok(open.filter(|session| session.token_hash.is_none()))
}

/// Renews a session whose lease has expired, or that had none, unless it was ended.
///
/// # Errors
/// [`Error::NotInside`], [`Error::UnknownClass`].
pub fn revive(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    component: &Component,
    now: Millis,
) -> Result<()> {
    if let Some(session) = store::classroom::session::opened_by(conn, enterprise_id, class_id, &component.token_hash)?
        && store::classroom::session::renew(conn, &session, now.max(session.last_seen), component.lease)?
    {
        return Ok(());
    }
    // The same lock order as for joining. It serializes the devices of a user.
    store::tenancy::user::lock(conn, enterprise_id, &component.user_id)?;
    rules::lock(conn, enterprise_id, class_id)?;
    if let Some(session) = unclaimed(conn, enterprise_id, class_id, component)? {
        let seen = now.max(session.last_seen);
        let kept = Refresh {
            role: session.role,
            camera: session.camera,
            mic: session.mic,
            speaker: session.speaker,
            last_seen: Some(seen),
            token_hash: Some(component.token_hash.clone()),
            lease_until: Some(seen.saturating_add(component.lease)),
        };
        return Ok(store::classroom::session::refresh(conn, &session, &kept)?);
    }
    Err(not_inside(class_id, component))
}

/// Records heartbeats. Returns the tokens whose session is still open.
///
/// # Errors
/// Only those of the database.
pub fn record(conn: &mut Conn, heartbeats: &[Heartbeat]) -> Result<HashSet<String>> {
    Ok(store::classroom::session::record(conn, heartbeats)?)
}

fn not_inside(class_id: ClassId, component: &Component) -> Error {
    Error::NotInside { user_id: component.user_id.clone(), class_id }
}
