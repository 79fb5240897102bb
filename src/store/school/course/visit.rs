//! The lessons that a user has a reservation for.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::classroom::class::Class;
use crate::store::ids::{ChannelId, CourseId, EnterpriseId, OrganizationId};
use crate::store::schema::{courses, members};
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

/// Returns the lessons of a channel's courses that a user has a reservation for, in scheduled order.
pub fn lessons_of_user(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    channel_id: ChannelId,
    user_id: &str,
) -> Result<Vec<LessonOfUser>> {
    classes::table
        .inner_join(members::table.on(members::class_id.eq(classes::class_id)))
        .inner_join(courses::table.on(classes::course_id.eq(courses::course_id.nullable())))
        .filter(members::enterprise_id.eq(enterprise_id))
        .filter(members::user_id.eq(user_id))
        .filter(classes::enterprise_id.eq(enterprise_id))
        .filter(courses::channel_id.eq(channel_id))
        .order((classes::start_time, classes::class_id))
        .select((classes::all_columns, courses::course_id, courses::title, courses::organization_id))
        .load(conn)
}
