//! Courses: what yields lessons, with the times and the members that its lessons get.

mod member;
mod time;
mod visit;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::schema::courses;
use crate::store::schema::courses::dsl;
use crate::store::tenancy::organization::Resolution;
use crate::store::{Page, Result};

pub use member::{CourseMember, courses_of, delete as delete_member, members, put as put_member};
pub use time::{CourseTime, NewCourseTime, Repeat, replace as replace_times, times};
pub use visit::{LessonOfUser, lessons_of_user};

/// A course.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = courses, primary_key(course_id), treat_none_as_null = true)]
pub struct Course {
    /// Counts up.
    pub course_id: i64,
    /// Whose it is.
    pub enterprise_id: i64,
    /// The channel that manages it.
    pub channel_id: i64,
    /// The organization that gives it.
    pub organization_id: i64,
    /// Who made it.
    pub creator_id: String,
    /// Its name.
    pub title: String,
    /// Its picture: an address, or what the client knows it by.
    pub poster: String,
    /// What there is to say of it.
    pub description: String,
    /// How many may be on stage.
    pub max_podium_user: i64,
    /// How clear the picture is.
    pub clarity: Resolution,
    /// How long a lesson lasts; 0 before it has times.
    pub duration: Millis,
    /// For how many weeks, or days, it repeats; 0 when nobody said.
    pub period: i64,
    /// The day it begins; nothing before it has times.
    pub start_time: Option<Millis>,
    /// When its last lesson is to end; nothing before it has times.
    pub stop_time: Option<Millis>,
    /// When it was made.
    pub create_time: Millis,
    /// When it was last changed.
    pub update_time: Millis,
}

/// What a new course starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = courses, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Course")]
pub struct NewCourse {
    pub enterprise_id: i64,
    pub channel_id: i64,
    pub organization_id: i64,
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

/// Adds a course and returns it.
pub fn insert(conn: &mut Conn, new: &NewCourse) -> Result<Course> {
    let insert = diesel::insert_into(dsl::courses).values(new).returning(courses::all_columns);
    insert.get_result(conn)
}

/// One course that a channel manages.
pub fn find(conn: &mut Conn, enterprise_id: i64, channel_id: i64, course_id: i64) -> Result<Option<Course>> {
    one(enterprise_id, channel_id, course_id).get_result(conn).optional()
}

/// One course that a channel manages, locked until the transaction ends. It comes before its lessons.
pub fn lock(conn: &mut Conn, enterprise_id: i64, channel_id: i64, course_id: i64) -> Result<Option<Course>> {
    let query = one(enterprise_id, channel_id, course_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: i64, channel_id: i64, course_id: i64) -> _ {
    dsl::courses
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::channel_id.eq(channel_id))
}

/// Writes every column of a course that was changed.
pub fn update(conn: &mut Conn, course: &Course) -> Result<()> {
    diesel::update(dsl::courses.find(course.course_id))
        .filter(dsl::enterprise_id.eq(course.enterprise_id))
        .set(course)
        .execute(conn)
        .map(drop)
}

/// Removes a course with its times, its members and its group.
pub fn delete(conn: &mut Conn, enterprise_id: i64, course_id: i64) -> Result<()> {
    diesel::delete(dsl::courses.find(course_id)).filter(dsl::enterprise_id.eq(enterprise_id)).execute(conn).map(drop)
}

/// Which courses a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Those that are not over then, and those without times.
    NotOver(Millis),
    /// Those whose time has a part in common with this one, both ends included.
    Within(Millis, Millis),
}

/// Courses of a channel, of one of its organizations or of all, in the order of their ids. Costs what there are of them in
/// that span.
pub fn list(
    conn: &mut Conn,
    enterprise_id: i64,
    channel_id: i64,
    organization_id: Option<i64>,
    span: Span,
    page: Page,
) -> Result<Vec<Course>> {
    let mut query =
        dsl::courses.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::channel_id.eq(channel_id)).into_boxed();
    if let Some(organization_id) = organization_id {
        query = query.filter(dsl::organization_id.eq(organization_id));
    }
    query = match span {
        Span::NotOver(now) => query.filter(dsl::stop_time.gt(now).or(dsl::stop_time.is_null())),
        Span::Within(from, until) => query.filter(dsl::stop_time.ge(from)).filter(dsl::start_time.le(until)),
    };
    query.order(dsl::course_id).offset(page.offset()).limit(page.limit()).load_boxed(conn)
}
