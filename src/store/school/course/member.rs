//! Who is in a course, and so in its lessons.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::course_members;
use crate::store::schema::course_members::dsl;
use crate::store::tenancy::user::Role;

/// A member of an organization in one of its courses.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = course_members, treat_none_as_default_value = false)]
pub struct CourseMember {
    /// Whose course.
    pub enterprise_id: i64,
    /// The course.
    pub course_id: i64,
    /// Which member of the organization.
    pub member_id: i64,
    /// Who.
    pub user_id: String,
    /// Teacher or student.
    pub role: Role,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: i64, course_id: i64, member_id: i64) -> _ {
    dsl::course_members
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::member_id.eq(member_id))
}

/// Puts a member into a course, or gives one who is there another role.
pub fn put(conn: &mut Conn, member: &CourseMember) -> Result<()> {
    let CourseMember { enterprise_id, course_id, member_id, .. } = *member;
    let changed =
        diesel::update(one(enterprise_id, course_id, member_id)).set(dsl::role.eq(member.role)).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(dsl::course_members).values(member).execute(conn)?;
    }
    Ok(())
}

/// Takes a member out of a course; says who it was.
pub fn delete(conn: &mut Conn, enterprise_id: i64, course_id: i64, member_id: i64) -> Result<Option<String>> {
    diesel::delete(one(enterprise_id, course_id, member_id)).returning(dsl::user_id).get_result(conn).optional()
}

/// The members of a course, in the order in which they were put into it.
pub fn members(conn: &mut Conn, enterprise_id: i64, course_id: i64) -> Result<Vec<CourseMember>> {
    dsl::course_members
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .select((dsl::enterprise_id, dsl::course_id, dsl::member_id, dsl::user_id, dsl::role))
        .load(conn)
}

/// The courses that a member of an organization is in, by id.
pub fn courses_of(conn: &mut Conn, enterprise_id: i64, member_id: i64) -> Result<Vec<i64>> {
    dsl::course_members
        .filter(dsl::member_id.eq(member_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::course_id)
        .select(dsl::course_id)
        .load(conn)
}
