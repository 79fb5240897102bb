//! Contacts: the groups and people that a member of an organization can write to.

use crate::db::Conn;
use crate::domain::Result;
use crate::domain::chat::group;
use crate::store;
use crate::store::Page;
use crate::store::chat::group::Group;
use crate::store::ids::{EnterpriseId, OrganizationId};
use crate::store::school::membership::OrganizationRole;
use crate::store::tenancy::user::User;

/// One page that is larger than the number of groups of any organization.
const ALL: Page = Page { start: store::Start::Index(0), size: 100_000 };

/// The contacts of an organization.
#[derive(Clone, Debug)]
pub struct Contacts {
    /// The groups of the organization, oldest first.
    pub groups: Vec<Group>,
    /// Its teachers and students, in the order in which they joined.
    pub people: Vec<User>,
}

/// The contacts of an organization. A number that is not the id of an organization has only groups.
///
/// # Errors
/// As [`group::of_organization`].
pub fn of_organization(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
) -> Result<Contacts> {
    let groups = group::of_organization(conn, enterprise_id, organization_id, ALL)?.rows;
    let roles = [OrganizationRole::Teacher, OrganizationRole::Student];
    let people = store::school::membership::people(conn, enterprise_id, organization_id, &roles)?;
    Ok(Contacts { groups, people })
}
