//! The lessons that a user has a reservation for.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::classroom::class::Class;
use crate::store::ids::{ChannelId, ClassId, CourseId, EnterpriseId, OrganizationId};
use crate::store::rows::insert_rows;
use crate::store::schema::{courses, given_lessons, members};
use crate::store::views::classes;

/// A lesson with details of its course.
#[derive(Clone, Debug, Queryable)]
pub struct LessonOfUser {
    /// The lesson.
    pub class: Class,
    /// The course.
    pub course_id: CourseId,
    /// The title of the course.
    pub title: String,
    /// The organization of the course.
    pub organization_id: OrganizationId,
}

/// Returns the lessons of a channel's courses that a user has a reservation for, in scheduled order, also of courses that
/// were deleted.
pub fn lessons_of_user(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    channel_id: ChannelId,
    user_id: &str,
) -> Result<Vec<LessonOfUser>> {
    let mut lessons: Vec<LessonOfUser> = classes::table
        .inner_join(members::table.on(members::class_id.eq(classes::class_id)))
        .inner_join(courses::table.on(classes::course_id.eq(courses::course_id.nullable())))
        .filter(members::enterprise_id.eq(enterprise_id))
        .filter(members::user_id.eq(user_id))
        .filter(classes::enterprise_id.eq(enterprise_id))
        .filter(courses::channel_id.eq(channel_id))
        .select((classes::all_columns, courses::course_id, courses::title, courses::organization_id))
        .load(conn)?;
    let given = classes::table
        .inner_join(members::table.on(members::class_id.eq(classes::class_id)))
        .inner_join(given_lessons::table.on(given_lessons::class_id.eq(classes::class_id)))
        .filter(members::enterprise_id.eq(enterprise_id))
        .filter(members::user_id.eq(user_id))
        .filter(classes::enterprise_id.eq(enterprise_id))
        .filter(given_lessons::channel_id.eq(channel_id))
        .select((classes::all_columns, given_lessons::course_id, given_lessons::title, given_lessons::organization_id))
        .load::<LessonOfUser>(conn)?;
    lessons.extend(given);
    lessons.sort_unstable_by_key(|lesson| (lesson.class.start_time, lesson.class.class_id));
    Ok(lessons)
}

/// A lesson that was given in a course, with what statistics say about the course.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = given_lessons, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Course")]
pub struct GivenLesson {
    pub class_id: ClassId,
    pub enterprise_id: EnterpriseId,
    pub channel_id: ChannelId,
    pub organization_id: OrganizationId,
    pub course_id: CourseId,
    pub title: String,
}

/// Keeps lessons that were given in a course that is about to be deleted.
pub fn keep_given(conn: &mut Conn, lessons: &[GivenLesson]) -> Result<()> {
    insert_rows!(conn, given_lessons::table, lessons).map(drop)
}
