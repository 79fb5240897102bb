//! Chat groups: the two of a class, the one of a course, and standalone ones.

mod free;
pub mod member;
mod row;

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::rows::insert_rows;
use crate::store::schema::groups::dsl;
use crate::store::{Result, update};

pub use free::{NewFreeGroup, create, delete, get, lock_numbered, of_organization, rename};
pub use row::{Engine, Group, GroupKind, NewGroup};

/// Inserts groups.
pub fn insert(conn: &mut Conn, new: &[NewGroup]) -> Result<()> {
    insert_rows!(conn, dsl::groups, new).map(drop)
}

/// Returns the groups of a class, the one for people first.
pub fn of_class(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<Group>> {
    dsl::groups
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .load(conn)
}

/// Returns the group of a course.
pub fn of_course(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<Option<Group>> {
    dsl::groups
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns a group.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, group_id: &str) -> Result<Option<Group>> {
    one(enterprise_id, group_id).get_result(conn).optional()
}

/// Locks the row of a group until the transaction ends. On SQLite there is nothing to lock: one transaction writes at a time.
pub fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, group_id: &str) -> Result<()> {
    let Conn::Postgres(c) = conn else { return Ok(()) };
    let row = one(enterprise_id, group_id).select(dsl::id).for_update();
    row.get_result::<i64>(c).optional().map(drop)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one<'a>(enterprise_id: EnterpriseId, group_id: &'a str) -> _ {
    dsl::groups.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::group_id.eq(group_id))
}

/// Increments the message counter of a group and returns the new value. The row stays locked until the transaction
/// ends.
pub fn next_sequence(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64) -> Result<i64> {
    let one = dsl::id.eq(id).and(dsl::enterprise_id.eq(enterprise_id));
    let next = dsl::last_sequence.eq(dsl::last_sequence + 1);
    update::prepared(dsl::groups, one, next).returning(dsl::last_sequence).get_result(conn)
}
