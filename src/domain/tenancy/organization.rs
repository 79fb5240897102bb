//! Organizations: created and changed by the channel that manages them.

use super::webhook_secret;
use super::webhook_secret::Receiver;
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::{Error, Field, Noun, Problem, Result, check_url};
use crate::store;
use crate::store::ids::OrganizationId;
use crate::store::tenancy::channel::Channel;
use crate::store::tenancy::organization::NewOrganization;
pub use crate::store::tenancy::organization::{Organization, Resolution, list};

/// Maximum number of users on stage, a limit of the hosted product.
pub const PODIUM: i64 = 8;

/// Fields of an organization. A field that is `None` gets its default in a new organization and keeps its value in an
/// existing one.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Organization")]
pub struct Patch {
    pub name: Option<String>,
    pub slogan: Option<String>,
    pub description: Option<String>,
    pub logo: Option<String>,
    pub company: Option<String>,
    pub max_podium_user: Option<i64>,
    pub max_clarity: Option<Resolution>,
    pub callback_url: Option<String>,
}

/// Inserts a new organization, without members.
pub(in crate::domain) fn add(conn: &mut Conn, channel: &Channel, patch: Patch, now: Millis) -> Result<Organization> {
    let new = NewOrganization {
        enterprise_id: channel.enterprise_id,
        channel_id: channel.channel_id,
        name: patch.name.unwrap_or_default(),
        slogan: patch.slogan.unwrap_or_default(),
        description: patch.description.unwrap_or_default(),
        logo: patch.logo.unwrap_or_default(),
        company: patch.company.unwrap_or_default(),
        max_podium_user: patch.max_podium_user.unwrap_or(PODIUM),
        max_clarity: patch.max_clarity.unwrap_or(Resolution::Fhd),
        callback_url: patch.callback_url.unwrap_or_default(),
        create_time: now,
        update_time: now,
    };
    let organization = store::tenancy::organization::insert(conn, &new)?;
    let receiver = Receiver::Organization(organization.organization_id);
    webhook_secret::give(conn, organization.enterprise_id, receiver)?;
    Ok(organization)
}

/// Changes an organization.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub(in crate::domain) fn modify(
    conn: &mut Conn,
    channel: &Channel,
    organization_id: OrganizationId,
    patch: Patch,
    now: Millis,
) -> Result<Organization> {
    check(&patch)?;
    let mut organization = lock(conn, channel, organization_id)?;
    crate::domain::set(&mut organization.name, patch.name);
    crate::domain::set(&mut organization.slogan, patch.slogan);
    crate::domain::set(&mut organization.description, patch.description);
    crate::domain::set(&mut organization.logo, patch.logo);
    crate::domain::set(&mut organization.company, patch.company);
    crate::domain::set(&mut organization.max_podium_user, patch.max_podium_user);
    crate::domain::set(&mut organization.max_clarity, patch.max_clarity);
    crate::domain::set(&mut organization.callback_url, patch.callback_url);
    organization.update_time = ended(organization.create_time, now);
    store::tenancy::organization::update(conn, &organization)?;
    Ok(organization)
}

/// Returns an organization that the channel manages.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(conn: &mut Conn, channel: &Channel, organization_id: OrganizationId) -> Result<Organization> {
    let found = store::tenancy::organization::find(conn, channel.enterprise_id, organization_id)?;
    own(found, channel, organization_id)
}

pub(in crate::domain) fn lock(
    conn: &mut Conn,
    channel: &Channel,
    organization_id: OrganizationId,
) -> Result<Organization> {
    let found = store::tenancy::organization::lock(conn, channel.enterprise_id, organization_id)?;
    own(found, channel, organization_id)
}

fn own(found: Option<Organization>, channel: &Channel, id: OrganizationId) -> Result<Organization> {
    let managed = found.filter(|organization| organization.channel_id == channel.channel_id);
    managed.ok_or(Error::NotFound { noun: Noun::Organization, id: id.0 })
}

/// Checks the fields of a patch.
pub(in crate::domain) fn check(patch: &Patch) -> Result<()> {
    if patch.name.as_deref() == Some("") {
        return Err(Error::invalid(Field::OrganizationName, Problem::Empty));
    }
    if patch.max_podium_user.is_some_and(|at_most| !(1..=PODIUM).contains(&at_most)) {
        return Err(Error::invalid(Field::Podium, Problem::OutOfRange { min: 1, max: PODIUM }));
    }
    check_url(Field::OrganizationCallbackUrl, patch.callback_url.as_deref().unwrap_or_default())
}
