//! Contacts: whom somebody of an organization can write to, its groups and its people.

use crate::db::Conn;
use crate::domain::Result;
use crate::domain::chat::group;
use crate::store;
use crate::store::Page;
use crate::store::chat::group::Group;
use crate::store::school::membership::OrganizationRole;
use crate::store::tenancy::user::User;

/// More groups than an organization has.
const ALL: Page = Page { start: store::Start::Index(0), size: 100_000 };

/// Whom somebody can write to.
#[derive(Clone, Debug)]
pub struct Contacts {
    /// The groups of the organization, the oldest first.
    pub groups: Vec<Group>,
    /// Its teachers and students, in the order in which they came.
    pub people: Vec<User>,
}

/// The contacts of an organization. A number that is no organization has groups alone.
///
/// # Errors
/// As [`group::of_organization`].
pub fn of_organization(conn: &mut Conn, enterprise_id: i64, organization_id: i64) -> Result<Contacts> {
    let groups = group::of_organization(conn, enterprise_id, organization_id, ALL)?.rows;
    let roles = [OrganizationRole::Teacher, OrganizationRole::Student];
    let people = store::school::membership::people(conn, enterprise_id, organization_id, &roles)?;
    Ok(Contacts { groups, people })
}
