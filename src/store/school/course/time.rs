//! The times of a course, as they were given.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{CourseId, EnterpriseId};
use crate::store::rows::insert_rows;
use crate::store::schema::course_times;
use crate::store::schema::course_times::dsl;
use crate::store::text::{Json, words};

words! {
    /// How often a course time repeats (NiuClass, times 结构体).
    Repeat {
        /// Once.
        None = "none",
        /// Every day.
        Daily = "daily",
        /// On some days of every week.
        Weekly = "weekly",
    }
}

/// A time of a course.
#[derive(Clone, Debug, Queryable)]
pub struct CourseTime {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise of the course.
    pub enterprise_id: EnterpriseId,
    /// The course.
    pub course_id: CourseId,
    /// The first day, as any time within it.
    pub start_time: Millis,
    /// When a lesson starts, in minutes after midnight.
    pub class_start: i64,
    /// How often it repeats.
    pub repeat: Repeat,
    /// The days of the week, from 1 for Monday.
    pub points: Json<Vec<u8>>,
}

/// A course time to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = course_times, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of CourseTime")]
pub struct NewCourseTime {
    pub enterprise_id: EnterpriseId,
    pub course_id: CourseId,
    pub start_time: Millis,
    pub class_start: i64,
    #[diesel(column_name = repeat_mode)]
    pub repeat: Repeat,
    pub points: Json<Vec<u8>>,
}

/// Replaces all times of a course.
pub fn replace(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId, new: &[NewCourseTime]) -> Result<()> {
    diesel::delete(dsl::course_times)
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .execute(conn)?;
    insert_rows!(conn, dsl::course_times, new).map(drop)
}

/// Returns the times of a course, in the order given.
pub fn times(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<Vec<CourseTime>> {
    dsl::course_times
        .filter(dsl::course_id.eq(course_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .load(conn)
}
