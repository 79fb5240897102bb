//! The members of an organization and their roles.

use super::course;
use super::registration::is_reserved;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::profile;
use crate::domain::tenancy::{organization, user};
use crate::domain::{Error, Field, Noun, Problem, Result};
use crate::store;
use crate::store::ids::{MemberId, OrganizationId};
use crate::store::school::membership::NewMembership;
pub use crate::store::school::membership::{Membership, OrganizationRole};
use crate::store::tenancy::channel::Channel;
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::{Role, User};

/// How a member is described in an organization.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Membership")]
pub struct Description {
    pub title: String,
    pub bio: String,
}

/// A new member.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Their role.
    pub role: OrganizationRole,
    /// Their user profile.
    pub profile: user::Profile,
    /// How they are described in the organization.
    pub description: Description,
}

/// Adds a member to an organization. If a user with this phone number exists in any of the channel's organizations,
/// that user becomes the member; otherwise a new user is created.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`], also for a user who is a member already.
pub fn create(
    conn: &mut Conn,
    channel: &Channel,
    organization_id: OrganizationId,
    new: NewMember,
    now: Millis,
) -> Result<(Membership, User)> {
    let NewMember { role, profile, description } = new;
    let Channel { enterprise_id, channel_id, .. } = *channel;
    // The lock serializes calls with the same phone number: the second call finds the user of the first.
    let organization = organization::lock(conn, channel, organization_id)?;
    let user = match store::school::membership::with_phone(conn, enterprise_id, channel_id, &profile.phone_no)? {
        Some(existing) => {
            let given = |text: String| Some(text).filter(|text| !text.is_empty());
            let patch = user::Patch {
                nickname: given(profile.nickname),
                avatar: given(profile.avatar),
                e_mail: given(profile.e_mail),
                ..user::Patch::default()
            };
            profile::modify(conn, enterprise_id, &existing.user_id, patch, now)?;
            user::require(conn, enterprise_id, &existing.user_id)?
        }
        None => user::create_numbered(conn, enterprise_id, (default_role(role), &profile), now, is_reserved)?,
    };
    if store::school::membership::of_user(conn, enterprise_id, organization_id, &user.user_id)?.is_some() {
        return Err(Error::invalid(Field::Phone, Problem::OfAnotherMember(user.phone_no)));
    }
    let row = NewMembership {
        enterprise_id,
        organization_id: organization.organization_id,
        user_id: user.user_id.clone(),
        role,
        title: description.title,
        bio: description.bio,
        create_time: now,
    };
    let made = store::school::membership::insert(conn, &row)?;
    Ok((made, user))
}

/// The user role outside of classes. No organization role makes a user an administrator of the enterprise.
fn default_role(role: OrganizationRole) -> Role {
    match role {
        OrganizationRole::Owner | OrganizationRole::Maintainer | OrganizationRole::Teacher => Role::Teacher,
        OrganizationRole::Student => Role::Student,
    }
}

/// Names a member of an organization.
#[derive(Clone, Copy, Debug)]
pub struct MemberKey {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The membership.
    pub member_id: MemberId,
}

/// Changes to a member. A field that is `None` keeps its value.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Membership, and the name of its user")]
pub struct Patch {
    pub role: Option<OrganizationRole>,
    pub name: Option<String>,
    pub title: Option<String>,
    pub bio: Option<String>,
}

/// Changes a member.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub fn modify(
    conn: &mut Conn,
    channel: &Channel,
    key: MemberKey,
    patch: Patch,
    now: Millis,
) -> Result<(Membership, User)> {
    let mut membership = require(conn, channel, key)?;
    crate::domain::set(&mut membership.role, patch.role);
    crate::domain::set(&mut membership.title, patch.title);
    crate::domain::set(&mut membership.bio, patch.bio);
    store::school::membership::update(conn, &membership)?;
    if patch.name.is_some() {
        let named = user::Patch { nickname: patch.name, ..user::Patch::default() };
        profile::modify(conn, channel.enterprise_id, &membership.user_id, named, now)?;
    }
    let user = user::require(conn, channel.enterprise_id, &membership.user_id)?;
    Ok((membership, user))
}

/// Changes the role of a user in an organization.
///
/// # Errors
/// [`Error::NotFound`] for the organization, [`Error::UnknownUser`] for a user who is not a member of it.
pub fn set_role(
    conn: &mut Conn,
    channel: &Channel,
    organization_id: OrganizationId,
    user_id: &str,
    role: Option<OrganizationRole>,
) -> Result<()> {
    organization::lock(conn, channel, organization_id)?;
    let found = store::school::membership::of_user(conn, channel.enterprise_id, organization_id, user_id)?;
    let mut membership = found.ok_or_else(|| Error::UnknownUser(user_id.to_owned()))?;
    crate::domain::set(&mut membership.role, role);
    Ok(store::school::membership::update(conn, &membership)?)
}

/// Removes a member from an organization and from its courses, and puts them out of its lessons. The user and their
/// attendance remain.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(
    conn: &mut Conn,
    (enterprise, channel): (&Enterprise, &Channel),
    key: MemberKey,
    now: Millis,
) -> Result<()> {
    let membership = require(conn, channel, key)?;
    for course_id in store::school::course::courses_of(conn, channel.enterprise_id, key.member_id)? {
        let membership = (course_id, key.member_id);
        course::leave(conn, (enterprise, channel), membership, course::Leaving::Organization, now)?;
    }
    Ok(store::school::membership::delete(conn, channel.enterprise_id, membership.member_id)?)
}

/// Returns a member of an organization that the channel manages. The organization stays locked until the transaction
/// ends.
fn require(conn: &mut Conn, channel: &Channel, key: MemberKey) -> Result<Membership> {
    let MemberKey { organization_id, member_id } = key;
    organization::lock(conn, channel, organization_id)?;
    let found = store::school::membership::find(conn, channel.enterprise_id, organization_id, member_id)?;
    found.ok_or(Error::NotFound { noun: Noun::Member, id: member_id.0 })
}
