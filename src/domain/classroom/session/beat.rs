//! Signs of life of components: what the first of a stay has to show, and the writing down of many.

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

/// What is known of the open stay of a component.
#[derive(Clone, Copy, Debug)]
pub struct Alive {
    /// The last sign of life that is written down.
    pub last_seen: Millis,
    /// Whether the lease ran out and [`revive`] has to be asked, because the stay may be ended at any time.
    pub lapsed: bool,
}

/// Looks for the open stay of a component in a class; one that a signed call opened is to become the component's.
///
/// # Errors
/// [`Error::DeadToken`]; [`Error::NotInside`] when there is no such stay that is still open.
pub fn alive(conn: &mut Conn, enterprise_id: i64, class_id: i64, component: &Component, now: Millis) -> Result<Alive> {
    let Component { user_id, token_hash, .. } = component;
    token::owner(conn, enterprise_id, Some(user_id.as_str()), token_hash, now)?;
    let own = store::classroom::session::opened_by(conn, enterprise_id, class_id, token_hash)?;
    let session = match own.filter(|session| session.user_id == *user_id) {
        Some(own) => own,
        None => free(conn, enterprise_id, class_id, component)?.ok_or_else(|| not_inside(class_id, component))?,
    };
    Ok(Alive { last_seen: session.last_seen, lapsed: session.lease_until.is_none_or(|until| until < now) })
}

/// The open stay of the person of a component that no component keeps: their back end let them in.
fn free(conn: &mut Conn, enterprise_id: i64, class_id: i64, component: &Component) -> Result<Option<Session>> {
    if !store::classroom::session::classes_of(conn, enterprise_id, &component.token_hash)?.is_empty() {
        return Ok(None);
    }
    let open = store::classroom::session::open_of(conn, enterprise_id, class_id, &component.user_id)?;
    Ok(open.filter(|session| session.token_hash.is_none()))
}

/// Keeps a stay open whose lease ran out, or that had none, unless it was ended.
///
/// # Errors
/// [`Error::NotInside`], [`Error::UnknownClass`].
pub fn revive(conn: &mut Conn, enterprise_id: i64, class_id: i64, component: &Component, now: Millis) -> Result<()> {
    if let Some(session) = store::classroom::session::opened_by(conn, enterprise_id, class_id, &component.token_hash)?
        && store::classroom::session::renew(conn, &session, now.max(session.last_seen), component.lease)?
    {
        return Ok(());
    }
    // As when it comes in: one device of a person after the other.
    store::tenancy::user::lock(conn, enterprise_id, &component.user_id)?;
    rules::lock(conn, enterprise_id, class_id)?;
    if let Some(session) = free(conn, enterprise_id, class_id, component)? {
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

/// Writes signs of life down. Returns the tokens of those whose stay is still open.
///
/// # Errors
/// Only the database's.
pub fn record(conn: &mut Conn, signs: &[Heartbeat]) -> Result<HashSet<String>> {
    Ok(store::classroom::session::record(conn, signs)?)
}

fn not_inside(class_id: i64, component: &Component) -> Error {
    Error::NotInside { user_id: component.user_id.clone(), class_id }
}
