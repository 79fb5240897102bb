//! Making an organization: it begins with its owner as a member.

use super::membership;
use super::people::require_user;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::organization;
use crate::domain::tenancy::organization::{Organization, Patch};
use crate::domain::{Error, Result};
use crate::store::school::membership::OrganizationRole;
use crate::store::tenancy::channel::Channel;

/// Makes an organization, with its owner as its first member.
///
/// # Errors
/// [`Error::Invalid`], also for an owner whom the channel may not manage.
pub fn create(conn: &mut Conn, channel: &Channel, owner: &str, patch: Patch, now: Millis) -> Result<Organization> {
    organization::check(&patch)?;
    match require_user(conn, channel, owner) {
        Err(Error::UnknownUser(_)) => {
            return Err(Error::invalid("organization_owner", format!("{owner:?}: no such user")));
        }
        known => known?,
    };
    let made = organization::add(conn, channel, patch, now)?;
    membership::join(conn, &made, owner, (OrganizationRole::Owner, membership::Description::default()), now)?;
    Ok(made)
}
