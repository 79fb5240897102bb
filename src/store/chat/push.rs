//! Push records: the days on which a class or a course received a push.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::schema::push_records;
use crate::store::schema::push_records::dsl;

/// A push record to insert. Exactly one of class and course is set.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = push_records, treat_none_as_default_value = false)]
pub struct NewPush {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: Option<ClassId>,
    /// The course.
    pub course_id: Option<CourseId>,
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// When it was created.
    pub create_time: Millis,
}

/// Inserts a record and returns its id; `None` if one exists for the same day.
pub fn insert(conn: &mut Conn, new: &NewPush) -> Result<Option<i64>> {
    let insert = diesel::insert_into(dsl::push_records).values(new);
    insert.on_conflict_do_nothing().returning(dsl::push_id).get_result(conn).optional()
}
