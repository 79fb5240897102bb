//! Standalone groups, and the groups of an organization.

use super::row::{Engine, Group, GroupKind};
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{EnterpriseId, OrganizationId};
use crate::store::schema::groups;
use crate::store::schema::groups::dsl;
use crate::store::{Page, Paged, Result};

/// A standalone group to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = groups, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Group")]
pub struct NewFreeGroup {
    pub enterprise_id: EnterpriseId,
    pub group_id: String,
    pub kind: GroupKind,
    pub engine: Engine,
    pub organization_id: Option<OrganizationId>,
    pub name: String,
    pub avatar: String,
    pub create_time: Millis,
    pub last_sequence: i64,
    pub conversation_id: String,
}

/// Inserts a group and returns it.
pub fn create(conn: &mut Conn, new: &NewFreeGroup) -> Result<Group> {
    let insert = diesel::insert_into(dsl::groups).values(new).returning(groups::all_columns);
    insert.get_result(conn)
}

/// Returns a group by its row id.
pub fn get(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<Option<Group>> {
    dsl::groups.find(id).filter(dsl::enterprise_id.eq(enterprise_id)).get_result(conn).optional()
}

/// Returns a group by its row id and locks it until the transaction ends.
pub fn lock_numbered(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<Option<Group>> {
    let query = dsl::groups.find(id).filter(dsl::enterprise_id.eq(enterprise_id));
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_update().get_result(c).optional(),
    }
}

/// Renames a group.
pub fn rename(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, name: &str) -> Result<()> {
    diesel::update(dsl::groups.find(id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::name.eq(name))
        .execute(conn)
        .map(drop)
}

/// Deletes a group with its members and messages.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<()> {
    diesel::delete(dsl::groups.find(id)).filter(dsl::enterprise_id.eq(enterprise_id)).execute(conn).map(drop)
}

/// Returns the groups of an organization, oldest first, with their total. The total is counted in an index.
pub fn of_organization(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
    page: Page,
) -> Result<Paged<Group>> {
    let of = dsl::groups.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::organization_id.eq(organization_id));
    let total = of.count().get_result(conn)?;
    let rows = of.order(dsl::id).offset(page.offset()).limit(page.limit()).load(conn)?;
    Ok(Paged::new(total, page, rows, |group: &Group| group.id))
}
