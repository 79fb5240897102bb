//! Free groups: they belong to no class or course, and their members need not be users. Also lists the groups of an
//! organization.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::secret;
use crate::domain::{Error, Field, Forbidden, Noun, Result, check_url};
use crate::store;
use crate::store::chat::group::{Engine, Group, GroupKind, NewFreeGroup};
use crate::store::ids::{EnterpriseId, OrganizationId};
use crate::store::{Page, Paged};

/// The organization id of groups without an organization: the default of the IM protocol.
const NO_ORGANIZATION: OrganizationId = OrganizationId(0);

/// The fields of a new free group.
#[derive(Clone, Debug)]
pub struct FreeGroup {
    /// Its name.
    pub name: String,
    /// The address of its picture; empty for none.
    pub avatar: String,
    /// The organization, or a number by which the enterprise knows one; 0 for none.
    pub organization_id: OrganizationId,
    /// The conversation id in an external chat application; empty for none.
    pub conversation_id: String,
    /// The user ids of its members.
    pub member_ids: Vec<String>,
}

/// Creates a group.
///
/// # Errors
/// [`Error::Invalid`] when the avatar is neither a URL nor empty.
pub fn create(conn: &mut Conn, enterprise_id: EnterpriseId, group: FreeGroup, now: Millis) -> Result<Group> {
    check_url(Field::Avatar, &group.avatar)?;
    let new = NewFreeGroup {
        enterprise_id,
        group_id: format!("group_{}", secret::letters_and_digits(16)),
        kind: GroupKind::Free,
        engine: Engine::Local,
        organization_id: Some(group.organization_id),
        name: group.name,
        avatar: group.avatar,
        create_time: now,
        last_sequence: 0,
        conversation_id: group.conversation_id,
    };
    let made = store::chat::group::create(conn, &new)?;
    store::chat::group::member::insert(conn, &made, &group.member_ids)?;
    Ok(made)
}

/// Renames a group.
///
/// # Errors
/// As [`members`]; [`Error::Forbidden`] for a group of a class or course.
pub fn rename(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, name: &str) -> Result<()> {
    lock(conn, enterprise_id, id)?;
    Ok(store::chat::group::rename(conn, enterprise_id, id, name)?)
}

/// Deletes a group with its messages. A group that the enterprise doesn't have counts as deleted, whoever has it.
///
/// # Errors
/// [`Error::Forbidden`] for a group of a class or course.
pub fn remove(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<()> {
    match lock(conn, enterprise_id, id) {
        Err(Error::UnknownGroup(_)) => Ok(()),
        Err(other) => Err(other),
        Ok(_) => Ok(store::chat::group::delete(conn, enterprise_id, id)?),
    }
}

/// Adds members. Existing members are ignored.
///
/// # Errors
/// As [`rename`].
pub fn add_members(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, user_ids: &[String]) -> Result<()> {
    let group = lock(conn, enterprise_id, id)?;
    Ok(store::chat::group::member::insert(conn, &group, user_ids)?)
}

/// Removes members. Users who are not members are ignored.
///
/// # Errors
/// As [`rename`].
pub fn remove_members(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, user_ids: &[String]) -> Result<()> {
    let group = lock(conn, enterprise_id, id)?;
    Ok(store::chat::group::member::delete(conn, &group, user_ids)?)
}

/// The members of a group, in the order in which they were added.
///
/// # Errors
/// [`Error::UnknownGroup`].
pub fn members(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<Vec<String>> {
    let group = store::chat::group::get(conn, enterprise_id, id)?.ok_or(Error::UnknownGroup(id))?;
    Ok(store::chat::group::member::list(conn, &group)?)
}

/// The groups of an organization and of its courses, oldest first.
///
/// # Errors
/// [`Error::NotFound`] when the enterprise has no such organization and none of its groups carries that number.
pub fn of_organization(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
    page: Page,
) -> Result<Paged<Group>> {
    let groups = store::chat::group::of_organization(conn, enterprise_id, organization_id, page)?;
    let exists = groups.total > 0
        || organization_id == NO_ORGANIZATION
        || store::tenancy::organization::find(conn, enterprise_id, organization_id)?.is_some();
    if exists { Ok(groups) } else { Err(Error::NotFound { noun: Noun::Organization, id: organization_id.0 }) }
}

/// Locks a free group until the transaction ends. The group of a course is changed through the course; that of a class
/// never changes.
fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<Group> {
    let group = store::chat::group::lock_numbered(conn, enterprise_id, id)?.ok_or(Error::UnknownGroup(id))?;
    if group.kind == GroupKind::Free { Ok(group) } else { Err(Error::Forbidden(Forbidden::GroupOfClass { group: id })) }
}
