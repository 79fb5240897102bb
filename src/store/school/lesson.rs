//! Lessons: the classes of a course.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::classroom::class::{Settings, Status};
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::text::Json;
use crate::store::views::classes::dsl;
use crate::store::{CacheTag, Result};

/// The maximum number of ids in one statement. SQLite allows at most 32,766 values.
const AT_ONCE: usize = 10_000;

/// The columns of a class that its course needs.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Lesson {
    /// The class.
    pub class_id: ClassId,
    /// The course.
    pub course_id: Option<CourseId>,
    /// The status.
    pub status: Status,
    /// When it was created.
    pub create_time: Millis,
    /// When it is scheduled to start.
    pub start_time: Millis,
    /// When it is scheduled to end.
    pub stop_time: Millis,
    /// When it started; 0 before.
    pub real_start_time: Millis,
    /// The `user_id` of the teacher; empty for none yet.
    pub teacher_id: String,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        dsl::class_id,
        dsl::course_id,
        dsl::class_status,
        dsl::create_time,
        dsl::start_time,
        dsl::stop_time,
        dsl::real_start_time,
        dsl::teacher_id,
    )
}

/// Returns the lessons of some courses, in order for each course.
pub fn lessons(conn: &mut Conn, enterprise_id: EnterpriseId, course_ids: &[CourseId]) -> Result<Vec<Lesson>> {
    dsl::classes
        .filter(dsl::course_id.eq_any(course_ids))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order((dsl::course_id, dsl::start_time, dsl::class_id))
        .select(columns())
        .load(conn)
}

/// Returns the lessons of a course and locks them until the transaction ends. Classes are always locked in id order.
pub fn lock_lessons(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<Vec<Lesson>> {
    let query = dsl::classes
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::class_id)
        .select(columns());
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_no_key_update().load(c),
    }
}

/// Sets the duration of lessons, in milliseconds, which moves their scheduled end.
pub fn reschedule(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId], duration: Millis) -> Result<()> {
    for some in class_ids.chunks(AT_ONCE) {
        for class_id in some {
            CacheTag::class_changes(enterprise_id, *class_id);
        }
        diesel::update(dsl::classes)
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::class_id.eq_any(some))
            .set(dsl::stop_time.eq(dsl::start_time + duration))
            .execute(conn)?;
    }
    Ok(())
}

/// Changes to the lessons of a course. A `None` field keeps its value.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = crate::store::views::classes)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct Revision {
    pub class_topic: Option<String>,
    pub max_member_limit: Option<i64>,
    pub settings: Option<Json<Settings>>,
    pub teacher_id: Option<String>,
}

impl Revision {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { class_topic, max_member_limit, settings, teacher_id } = self;
        class_topic.is_none() && max_member_limit.is_none() && settings.is_none() && teacher_id.is_none()
    }
}

/// Updates lessons that have not started.
pub fn revise_lessons(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    new: &Revision,
) -> Result<()> {
    for some in class_ids.chunks(AT_ONCE) {
        for class_id in some {
            CacheTag::class_changes(enterprise_id, *class_id);
        }
        diesel::update(dsl::classes)
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::class_id.eq_any(some))
            .filter(dsl::class_status.eq(Status::Will))
            .set(new)
            .execute(conn)?;
    }
    Ok(())
}

/// Deletes lessons with their members and sessions.
pub fn remove_lessons(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<()> {
    for some in class_ids.chunks(AT_ONCE) {
        for class_id in some {
            CacheTag::class_changes(enterprise_id, *class_id);
            CacheTag::Inside(*class_id).changes();
        }
        diesel::delete(dsl::classes)
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::class_id.eq_any(some))
            .execute(conn)?;
    }
    Ok(())
}

/// Detaches the lessons of a course, so that they become classes without a course.
pub fn detach(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<()> {
    diesel::update(dsl::classes)
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::course_id.eq(None::<i64>))
        .execute(conn)
        .map(drop)
}
