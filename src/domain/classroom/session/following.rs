//! Following a class: entering it, or going on after a connection broke.

use super::beat::alive;
use super::component::Component;
use super::joining;
use super::joining::JoinRequest;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::class::rules;
use crate::domain::classroom::{log, member};
use crate::store;
use crate::store::ids::ClassId;
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::Role;

/// Somebody who follows a class.
#[derive(Clone, Copy, Debug)]
pub struct Followed {
    /// Their role in the class.
    pub role: Role,
    /// What they may do.
    pub rights: Rights,
    /// Whether they were inside already, with this component.
    pub is_back: bool,
}

/// What somebody who follows a class may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Whether they moderate the class.
    pub is_moderator: bool,
    /// Whether they may draw.
    pub may_draw: bool,
}

/// Lets a component enter a class and starts the log of the class. A component that is inside goes on, without a password and
/// with the devices as they are.
///
/// # Errors
/// As [`join`](super::join).
pub fn follow(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    request: JoinRequest<'_>,
    now: Millis,
) -> Result<Followed> {
    let enterprise_id = enterprise.enterprise_id;
    let open = match request.component {
        Some(component) => store::classroom::session::opened_by(conn, enterprise_id, class_id, &component.token_hash)?
            .filter(|session| session.user_id == request.user_id)
            .filter(|session| session.lease_until.is_some_and(|until| until >= now)),
        None => None,
    };
    let role = if let Some(session) = &open {
        if !log::is_followed(conn, enterprise_id, class_id)? {
            rules::lock(conn, enterprise_id, class_id)?;
            log::start(conn, enterprise_id, class_id)?;
        }
        session.role
    } else {
        joining::join(conn, enterprise, class_id, JoinRequest { follows: true, ..request }, now)?.role
    };
    let rights = rights_of(conn, enterprise, class_id, request.user_id)?;
    Ok(Followed { role, rights, is_back: open.is_some() })
}

/// What the user of a component may do now.
///
/// # Errors
/// [`Error::DeadToken`](crate::domain::Error::DeadToken); [`Error::NotInside`](crate::domain::Error::NotInside) when the component is not inside the class any more.
pub fn rights(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    component: &Component,
    now: Millis,
) -> Result<Rights> {
    alive(conn, enterprise.enterprise_id, class_id, component, now)?;
    rights_of(conn, enterprise, class_id, &component.user_id)
}

fn rights_of(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, user_id: &str) -> Result<Rights> {
    let class = rules::require(conn, enterprise.enterprise_id, class_id)?;
    let is_moderator = member::can_moderate(conn, &class, user_id)?;
    let session = store::classroom::session::open_of(conn, enterprise.enterprise_id, class_id, user_id)?;
    let may_draw = is_moderator || session.is_some_and(|session| session.may_draw());
    Ok(Rights { is_moderator, may_draw })
}
