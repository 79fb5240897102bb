//! Chat groups: the two of a class, that of a course, and what stands alone.

mod free;
pub mod member;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::rows::insert_rows;
use crate::store::schema::groups;
use crate::store::schema::groups::dsl;
use crate::store::text::words;

pub use free::{NewFreeGroup, create, delete, get, is_elsewhere, lock_numbered, of_organization, rename};

words! {
    /// What a group is for.
    GroupKind {
        /// What people in a class write.
        Chat = "chat",
        /// What the components of a class tell one another.
        Command = "command",
        /// What people write in a course, in each of its lessons and between them.
        Course = "course",
        /// Whatever its members like; it is no class's.
        Free = "free",
    }
}

words! {
    /// Which chat service has the messages of a group.
    Engine {
        /// Lectern's own.
        Local = "local",
        /// The hosted one.
        Tencent = "tencent",
    }
}

/// A group.
#[derive(Clone, Debug, Queryable)]
pub struct Group {
    /// Counts up.
    pub id: i64,
    /// Whose group this is.
    pub enterprise_id: i64,
    /// What clients call it; unique within the enterprise.
    pub group_id: String,
    /// What it is for.
    pub kind: GroupKind,
    /// Where its messages are.
    pub engine: Engine,
    /// The class whose group it is.
    pub class_id: Option<i64>,
    /// The organization whose group it is.
    pub organization_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// The address of its picture; empty for none.
    pub avatar: String,
    /// When it was made.
    pub create_time: Millis,
    /// Of its last message, and so the number of its messages.
    pub last_sequence: i64,
    /// The course whose group it is.
    pub course_id: Option<i64>,
    /// What a chat application outside calls it; empty for nothing.
    pub conversation_id: String,
}

/// What a new group starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = groups, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Group")]
pub struct NewGroup {
    pub enterprise_id: i64,
    pub group_id: String,
    pub kind: GroupKind,
    pub engine: Engine,
    pub class_id: Option<i64>,
    pub organization_id: Option<i64>,
    pub name: String,
    pub avatar: String,
    pub create_time: Millis,
    pub last_sequence: i64,
    pub course_id: Option<i64>,
}

/// Adds groups.
pub fn insert(conn: &mut Conn, new: &[NewGroup]) -> Result<()> {
    insert_rows!(conn, dsl::groups, new.iter()).map(drop)
}

/// The groups of a class, the one for people first.
pub fn of_class(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Vec<Group>> {
    dsl::groups
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .load(conn)
}

/// The group of a course.
pub fn of_course(conn: &mut Conn, enterprise_id: i64, course_id: i64) -> Result<Option<Group>> {
    dsl::groups
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// One group.
pub fn find(conn: &mut Conn, enterprise_id: i64, group_id: &str) -> Result<Option<Group>> {
    one(enterprise_id, group_id).get_result(conn).optional()
}

/// One group, locked until the transaction ends.
pub fn lock(conn: &mut Conn, enterprise_id: i64, group_id: &str) -> Result<Option<Group>> {
    let query = one(enterprise_id, group_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_update().get_result(c).optional(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one<'a>(enterprise_id: i64, group_id: &'a str) -> _ {
    dsl::groups.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::group_id.eq(group_id))
}

/// Counts one more message of a group, which stays locked until the transaction ends, and returns its number.
pub fn next_sequence(conn: &mut Conn, enterprise_id: i64, id: i64) -> Result<i64> {
    diesel::update(dsl::groups.find(id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::last_sequence.eq(dsl::last_sequence + 1))
        .returning(dsl::last_sequence)
        .get_result(conn)
}
