//! Members of standalone groups. They need not be users.

use super::Group;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::rows::insert_rows;
use crate::store::schema::group_members;
use crate::store::schema::group_members::dsl;

/// The maximum number of ids in one statement. SQLite allows at most 32,766 values.
const AT_ONCE: usize = 10_000;

#[derive(Insertable)]
#[diesel(table_name = group_members, treat_none_as_default_value = false)]
struct Row<'a> {
    enterprise_id: EnterpriseId,
    group_key: i64,
    user_id: &'a str,
}

/// Adds members to a group. Existing members are skipped.
pub fn insert(conn: &mut Conn, group: &Group, user_ids: &[String]) -> Result<()> {
    let rows: Vec<Row<'_>> = user_ids
        .iter()
        .map(|user_id| Row { enterprise_id: group.enterprise_id, group_key: group.id, user_id })
        .collect();
    insert_rows!(conn, dsl::group_members, &rows, on_conflict_do_nothing).map(drop)
}

/// Removes members from a group. Ids that are not members are ignored.
pub fn delete(conn: &mut Conn, group: &Group, user_ids: &[String]) -> Result<()> {
    for some in user_ids.chunks(AT_ONCE) {
        diesel::delete(dsl::group_members)
            .filter(dsl::group_key.eq(group.id))
            .filter(dsl::enterprise_id.eq(group.enterprise_id))
            .filter(dsl::user_id.eq_any(some))
            .execute(conn)?;
    }
    Ok(())
}

/// Removes somebody from all groups.
pub fn delete_from_all(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<()> {
    diesel::delete(dsl::group_members)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .execute(conn)
        .map(drop)
}

/// Whether somebody is a member of any group.
pub fn exists(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let any = dsl::group_members.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq(user_id));
    diesel::select(diesel::dsl::exists(any)).get_result(conn)
}

/// Returns the members of a group, in the order in which they were added.
pub fn list(conn: &mut Conn, group: &Group) -> Result<Vec<String>> {
    dsl::group_members
        .filter(dsl::group_key.eq(group.id))
        .filter(dsl::enterprise_id.eq(group.enterprise_id))
        .order(dsl::id)
        .select(dsl::user_id)
        .load(conn)
}
