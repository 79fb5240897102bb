//! Push records: that a class, or a course, was messaged on a day.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::push_records;
use crate::store::schema::push_records::dsl;

/// What a new record starts with. Either the class or the course is there.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = push_records, treat_none_as_default_value = false)]
pub struct NewPush {
    /// Whose class it is.
    pub enterprise_id: i64,
    /// The class.
    pub class_id: Option<i64>,
    /// The course.
    pub course_id: Option<i64>,
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// When.
    pub create_time: Millis,
}

/// Writes down that it was messaged, and returns the number of the record; nothing if it was on this day already.
pub fn insert(conn: &mut Conn, new: &NewPush) -> Result<Option<i64>> {
    let insert = diesel::insert_into(dsl::push_records).values(new);
    insert.on_conflict_do_nothing().returning(dsl::push_id).get_result(conn).optional()
}
