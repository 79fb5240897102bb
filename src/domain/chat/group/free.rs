//! Groups that stand alone, whose members need not be users, and the groups of an organization.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::secret;
use crate::domain::{Error, Forbidden, Noun, Result};
use crate::store;
use crate::store::chat::group::{Engine, Group, GroupKind, NewFreeGroup};
use crate::store::{Page, Paged};

/// What groups of no organization are kept under: the default of IM.
const NO_ORGANIZATION: i64 = 0;

/// A group to be made.
#[derive(Clone, Debug)]
pub struct FreeGroup {
    /// Its name.
    pub name: String,
    /// The address of its picture; empty for none.
    pub avatar: String,
    /// The organization, or a number that the enterprise knows one by; 0 for none.
    pub organization_id: i64,
    /// What a chat application outside calls it; empty for nothing.
    pub conversation_id: String,
    /// Who is in it.
    pub member_ids: Vec<String>,
}

/// Makes a group.
///
/// # Errors
/// Only the database's.
pub fn create(conn: &mut Conn, enterprise_id: i64, group: FreeGroup, now: Millis) -> Result<Group> {
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

/// Gives a group another name.
///
/// # Errors
/// As [`members`]; [`Error::Forbidden`] for a group that does not stand alone.
pub fn rename(conn: &mut Conn, enterprise_id: i64, id: i64, name: &str) -> Result<()> {
    lock(conn, enterprise_id, id)?;
    Ok(store::chat::group::rename(conn, enterprise_id, id, name)?)
}

/// Removes a group with what was said in it. One that is not there is removed already.
///
/// # Errors
/// [`Error::NotFound`] for one of another enterprise, [`Error::Forbidden`] for one that does not stand alone.
pub fn remove(conn: &mut Conn, enterprise_id: i64, id: i64) -> Result<()> {
    match lock(conn, enterprise_id, id) {
        Err(Error::UnknownGroup(_)) => Ok(()),
        Err(other) => Err(other),
        Ok(_) => Ok(store::chat::group::delete(conn, enterprise_id, id)?),
    }
}

/// Adds members; who is in the group stays in it.
///
/// # Errors
/// As [`rename`].
pub fn add_members(conn: &mut Conn, enterprise_id: i64, id: i64, user_ids: &[String]) -> Result<()> {
    let group = lock(conn, enterprise_id, id)?;
    Ok(store::chat::group::member::insert(conn, &group, user_ids)?)
}

/// Takes members out; who is not in the group is passed over.
///
/// # Errors
/// As [`rename`].
pub fn remove_members(conn: &mut Conn, enterprise_id: i64, id: i64, user_ids: &[String]) -> Result<()> {
    let group = lock(conn, enterprise_id, id)?;
    Ok(store::chat::group::member::delete(conn, &group, user_ids)?)
}

/// Who is in a group that stands alone, in the order in which they were added.
///
/// # Errors
/// [`Error::UnknownGroup`]; [`Error::NotFound`] for one of another enterprise.
pub fn members(conn: &mut Conn, enterprise_id: i64, id: i64) -> Result<Vec<String>> {
    let found = store::chat::group::get(conn, enterprise_id, id)?;
    let group = require(conn, enterprise_id, id, found)?;
    Ok(store::chat::group::member::list(conn, &group)?)
}

/// The groups of an organization, those of its courses too, the oldest first.
///
/// # Errors
/// [`Error::NotFound`] for a number that is neither an organization of the enterprise nor that of any of its groups.
pub fn of_organization(conn: &mut Conn, enterprise_id: i64, organization_id: i64, page: Page) -> Result<Paged<Group>> {
    let groups = store::chat::group::of_organization(conn, enterprise_id, organization_id, page)?;
    let is_known = groups.total > 0
        || organization_id == NO_ORGANIZATION
        || store::tenancy::organization::find(conn, enterprise_id, organization_id)?.is_some();
    if is_known { Ok(groups) } else { Err(Error::NotFound { noun: Noun::Organization, id: organization_id }) }
}

/// A group that stands alone, locked until the transaction ends. That of a course changes with the course, that of a class
/// never does.
fn lock(conn: &mut Conn, enterprise_id: i64, id: i64) -> Result<Group> {
    let found = store::chat::group::lock_numbered(conn, enterprise_id, id)?;
    let group = require(conn, enterprise_id, id, found)?;
    if group.kind == GroupKind::Free { Ok(group) } else { Err(Error::Forbidden(Forbidden::GroupOfClass { group: id })) }
}

fn require(conn: &mut Conn, enterprise_id: i64, id: i64, found: Option<Group>) -> Result<Group> {
    match found {
        Some(group) => Ok(group),
        None if store::chat::group::is_elsewhere(conn, enterprise_id, id)? => {
            Err(Error::NotFound { noun: Noun::Group, id })
        }
        None => Err(Error::UnknownGroup(id)),
    }
}
