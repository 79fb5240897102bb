//! Contacts: whom somebody of an organization can write to, its groups and its people.

use super::{Result, group};
use crate::db::Conn;
use crate::store;
use crate::store::Page;
use crate::store::group::Group;
use crate::store::membership::Standing;
use crate::store::user::User;

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
    let standings = [Standing::Teacher, Standing::Student];
    let people = store::membership::people(conn, enterprise_id, organization_id, &standings)?;
    Ok(Contacts { groups, people })
}
