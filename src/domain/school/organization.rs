//! Creating an organization with its owner as first member.

use super::people::require_user;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::organization;
use crate::domain::tenancy::organization::{Organization, Patch};
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::events::endpoint::{CHANGED, EndpointId};
use crate::store::ids::OrganizationId;
use crate::store::school::membership::{NewMembership, OrganizationRole};
use crate::store::tenancy::channel::Channel;

/// Creates an organization with its owner as its first member.
///
/// # Errors
/// [`Error::Invalid`], also for an owner whom the channel does not manage.
pub fn create(conn: &mut Conn, channel: &Channel, owner: &str, patch: Patch, now: Millis) -> Result<Organization> {
    organization::check(&patch)?;
    match require_user(conn, channel, owner) {
        Err(Error::UnknownUser(_)) => {
            return Err(Error::invalid(Field::OrganizationOwner, Problem::NoUser(owner.to_owned())));
        }
        found => {
            found?;
        }
    }
    let made = organization::add(conn, channel, patch, now)?;
    let row = NewMembership {
        enterprise_id: made.enterprise_id,
        organization_id: made.organization_id,
        user_id: owner.to_owned(),
        role: OrganizationRole::Owner,
        title: String::new(),
        bio: String::new(),
        create_time: now,
    };
    store::school::membership::insert(conn, &row)?;
    Ok(made)
}

/// Changes an organization, and wakes deliveries that waited for its address.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub fn modify(
    conn: &mut Conn,
    channel: &Channel,
    organization_id: OrganizationId,
    patch: Patch,
    now: Millis,
) -> Result<Organization> {
    let organization = organization::modify(conn, channel, organization_id, patch, now)?;
    CHANGED.notify_at_commit(EndpointId::Organization(organization.enterprise_id, organization_id));
    Ok(organization)
}
