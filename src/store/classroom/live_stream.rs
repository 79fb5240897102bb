//! The live pictures of classes: the list of the last segments, which players load again and again.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::schema::live_streams;
use crate::store::schema::live_streams::dsl;
use crate::store::text::Json;

/// A segment of a live picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The key of its file.
    pub key: String,
    /// How long it is.
    pub length: Millis,
    /// Whether it does not follow the one before: times and codings begin anew.
    pub is_break: bool,
}

/// The last segments of a live picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Playlist {
    /// The number of the first segment.
    pub first: i64,
    /// How many breaks were before the first segment.
    pub breaks: i64,
    /// The segments, in their order.
    pub segments: Vec<Segment>,
    /// Whether no more segments follow.
    pub is_over: bool,
}

/// A live picture.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = live_streams, primary_key(class_id), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct LiveStream {
    /// The class.
    pub class_id: ClassId,
    /// Its enterprise.
    pub enterprise_id: EnterpriseId,
    /// The course of a lesson.
    pub course_id: Option<CourseId>,
    /// The segments.
    pub playlist: Json<Playlist>,
    /// When it last changed.
    pub update_time: Millis,
}

/// Returns the live picture of a class, of any enterprise. The caller checks the signature of the address.
pub fn of_class(conn: &mut Conn, class_id: ClassId) -> Result<Option<LiveStream>> {
    dsl::live_streams.find(class_id).get_result(conn).optional()
}

/// Returns the live picture of a course, of any enterprise: that of the lesson that changed last. The caller checks the signature
/// of the address.
pub fn of_course(conn: &mut Conn, course_id: CourseId) -> Result<Option<LiveStream>> {
    dsl::live_streams
        .filter(dsl::course_id.eq(course_id))
        .order(dsl::update_time.desc())
        .limit(1)
        .get_result(conn)
        .optional()
}

/// Returns the live picture of a class and locks it until the transaction ends.
pub fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<LiveStream>> {
    let one = dsl::live_streams.filter(dsl::class_id.eq(class_id)).filter(dsl::enterprise_id.eq(enterprise_id));
    match conn {
        Conn::Sqlite(c) => one.get_result(c).optional(),
        Conn::Postgres(c) => one.for_no_key_update().get_result(c).optional(),
    }
}

/// Writes the live picture of a class.
pub fn put(conn: &mut Conn, stream: &LiveStream) -> Result<()> {
    let own =
        dsl::live_streams.filter(dsl::class_id.eq(stream.class_id)).filter(dsl::enterprise_id.eq(stream.enterprise_id));
    if diesel::update(own).set(stream).execute(conn)? == 0 {
        diesel::insert_into(live_streams::table).values(stream).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(())
}

/// Removes the live pictures, of all enterprises, that have not changed since a time.
pub fn remove_old(conn: &mut Conn, before: Millis) -> Result<usize> {
    diesel::delete(dsl::live_streams.filter(dsl::update_time.lt(before))).execute(conn)
}
