//! Courses: they produce lessons. The times and members of a course apply to its lessons.

mod member;
mod time;
mod visit;

use diesel::dsl::{exists, not};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::classroom::class::Status;
use crate::store::ids::{ChannelId, CourseId, EnterpriseId, OrganizationId};
use crate::store::schema::courses;
use crate::store::schema::courses::dsl;
use crate::store::tenancy::organization::Resolution;
use crate::store::views::classes;
use crate::store::{Page, Result};

pub use member::{CourseMember, courses_of, delete as delete_member, members, put as put_member};
pub use time::{CourseTime, NewCourseTime, Repeat, replace as replace_times, times};
pub use visit::{GivenLesson, LessonOfUser, keep_given, lessons_of_user};

/// A course.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = courses, primary_key(course_id), treat_none_as_null = true)]
pub struct Course {
    /// The id, assigned in ascending order.
    pub course_id: CourseId,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The channel that manages it.
    pub channel_id: ChannelId,
    /// The organization that offers it.
    pub organization_id: OrganizationId,
    /// The `user_id` of its creator.
    pub creator_id: String,
    /// The title.
    pub title: String,
    /// The poster: a URL, or an id that the client knows.
    pub poster: String,
    /// The description.
    pub description: String,
    /// The maximum number of people on stage.
    pub max_podium_user: i64,
    /// The video resolution.
    pub clarity: Resolution,
    /// The duration of a lesson in milliseconds; 0 before it has times.
    pub duration: Millis,
    /// The number of weeks or days that it repeats for; 0 if not given.
    pub period: i64,
    /// The beginning of the day it starts; `None` before it has times.
    pub start_time: Option<Millis>,
    /// When its last lesson is scheduled to end; `None` before it has times.
    pub stop_time: Option<Millis>,
    /// When it was created.
    pub create_time: Millis,
    /// When it was last updated.
    pub update_time: Millis,
}

/// A course to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = courses, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Course")]
pub struct NewCourse {
    pub enterprise_id: EnterpriseId,
    pub channel_id: ChannelId,
    pub organization_id: OrganizationId,
    pub creator_id: String,
    pub title: String,
    pub poster: String,
    pub description: String,
    pub max_podium_user: i64,
    pub clarity: Resolution,
    pub duration: Millis,
    pub period: i64,
    pub create_time: Millis,
    pub update_time: Millis,
}

/// Inserts a course and returns it.
pub fn insert(conn: &mut Conn, new: &NewCourse) -> Result<Course> {
    let insert = diesel::insert_into(dsl::courses).values(new).returning(courses::all_columns);
    insert.get_result(conn)
}

/// Returns a course that a channel manages.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    channel_id: ChannelId,
    course_id: CourseId,
) -> Result<Option<Course>> {
    one(enterprise_id, channel_id, course_id).get_result(conn).optional()
}

/// Returns a course that a channel manages and locks its row until the transaction ends. Lock it before its lessons.
pub fn lock(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    channel_id: ChannelId,
    course_id: CourseId,
) -> Result<Option<Course>> {
    let query = one(enterprise_id, channel_id, course_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: EnterpriseId, channel_id: ChannelId, course_id: CourseId) -> _ {
    dsl::courses
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::channel_id.eq(channel_id))
}

/// Updates all columns of a course.
pub fn update(conn: &mut Conn, course: &Course) -> Result<()> {
    diesel::update(dsl::courses.find(course.course_id))
        .filter(dsl::enterprise_id.eq(course.enterprise_id))
        .set(course)
        .execute(conn)
        .map(drop)
}

/// Deletes a course with its times, members and group.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<()> {
    diesel::delete(dsl::courses.find(course_id)).filter(dsl::enterprise_id.eq(enterprise_id)).execute(conn).map(drop)
}

/// The time filter of a list of courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Courses without times or lessons, and courses with a lesson that is in progress, or whose scheduled end is after
    /// this time.
    NotOver(Millis),
    /// Courses that overlap this interval, both ends included.
    Within(Millis, Millis),
}

/// Which courses of a channel to list.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Only those of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only those in this span.
    pub span: Span,
}

/// Returns the courses of a channel that match, in id order. The cost grows with the number of courses in the
/// span, and without one with the number of all courses up to the end of the page.
pub fn list(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    channel_id: ChannelId,
    filter: Filter,
    page: Page,
) -> Result<Vec<Course>> {
    let Filter { organization_id, span } = filter;
    let mut query =
        dsl::courses.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::channel_id.eq(channel_id)).into_boxed();
    if let Some(organization_id) = organization_id {
        query = query.filter(dsl::organization_id.eq(organization_id));
    }
    query = match span {
        Span::NotOver(now) => {
            let lessons = classes::table.filter(classes::course_id.eq(dsl::course_id.nullable()));
            let is_ahead = classes::class_status.eq(Status::Will).and(classes::stop_time.gt(now));
            let goes_on = lessons.filter(classes::class_status.eq(Status::Ing).or(is_ahead));
            query.filter(dsl::stop_time.is_null().or(exists(goes_on)).or(not(exists(lessons))))
        }
        Span::Within(from, until) => query.filter(dsl::stop_time.ge(from)).filter(dsl::start_time.le(until)),
    };
    query.order(dsl::course_id).offset(page.offset()).limit(page.limit()).load_boxed(conn)
}
