//! Members of a course. They are also members of its lessons.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{CourseId, EnterpriseId, MemberId};
use crate::store::schema::course_members;
use crate::store::schema::course_members::dsl;
use crate::store::tenancy::user::Role;

/// A member of an organization in one of its courses.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = course_members, treat_none_as_default_value = false)]
pub struct CourseMember {
    /// The enterprise of the course.
    pub enterprise_id: EnterpriseId,
    /// The course.
    pub course_id: CourseId,
    /// The id of the organization membership.
    pub member_id: MemberId,
    /// The user.
    pub user_id: String,
    /// The role: teacher or student.
    pub role: Role,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: EnterpriseId, course_id: CourseId, member_id: MemberId) -> _ {
    dsl::course_members
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::member_id.eq(member_id))
}

/// Adds a member to a course, or changes the role of an existing member.
pub fn put(conn: &mut Conn, member: &CourseMember) -> Result<()> {
    let CourseMember { enterprise_id, course_id, member_id, .. } = *member;
    let changed =
        diesel::update(one(enterprise_id, course_id, member_id)).set(dsl::role.eq(member.role)).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(dsl::course_members).values(member).execute(conn)?;
    }
    Ok(())
}

/// Removes a member from a course. Returns the `user_id` of the member.
pub fn delete(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    course_id: CourseId,
    member_id: MemberId,
) -> Result<Option<String>> {
    diesel::delete(one(enterprise_id, course_id, member_id)).returning(dsl::user_id).get_result(conn).optional()
}

/// Returns the members of a course, in the order in which they were added.
pub fn members(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<Vec<CourseMember>> {
    dsl::course_members
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .select((dsl::enterprise_id, dsl::course_id, dsl::member_id, dsl::user_id, dsl::role))
        .load(conn)
}

/// Returns the courses of a member of an organization, in id order.
pub fn courses_of(conn: &mut Conn, enterprise_id: EnterpriseId, member_id: MemberId) -> Result<Vec<CourseId>> {
    dsl::course_members
        .filter(dsl::member_id.eq(member_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::course_id)
        .select(dsl::course_id)
        .load(conn)
}
