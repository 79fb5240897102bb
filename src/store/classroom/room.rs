//! Rooms: the columns of classes that a protocol without schedules shows.

mod list;
mod row;

use diesel::sql_types::BigInt;

use super::class::Class;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::views::rooms::dsl;
use crate::store::{CacheTag, Result};

pub use list::{Filter, inside, list, reserved};
pub use row::Room;

/// The values that a class gets when it is created as a room.
#[derive(Clone, Copy, Debug)]
pub struct NewRoom<'a> {
    /// The topic; may be empty.
    pub class_topic: &'a str,
    /// The URL of the cover image; empty for none.
    pub cover: &'a str,
    /// For how many milliseconds the teacher may send no heartbeat.
    pub silence_limit: Millis,
}

/// Returns a class as a room.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Room>> {
    dsl::rooms.find(class_id).filter(dsl::enterprise_id.eq(enterprise_id)).get_result(conn).optional()
}

/// Turns a class into a room.
pub fn make_room(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, with: NewRoom<'_>) -> Result<()> {
    CacheTag::class_changes(enterprise_id, class_id);
    let NewRoom { class_topic, cover, silence_limit } = with;
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set((dsl::class_topic.eq(class_topic), dsl::cover.eq(cover), dsl::silence_limit.eq(silence_limit)))
        .execute(conn)
        .map(drop)
}

/// Stores the sequence number of the message that announced the start of a class to its group.
pub fn note_begin(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, sequence: i64) -> Result<()> {
    CacheTag::Classes(enterprise_id).changes();
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::begin_sequence.eq(sequence))
        .execute(conn)
        .map(drop)
}

/// Stores the sequence number of the message that announced the end of a class to its group.
pub fn note_end(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, sequence: i64) -> Result<()> {
    CacheTag::Classes(enterprise_id).changes();
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::end_sequence.eq(sequence))
        .execute(conn)
        .map(drop)
}

/// Records a heartbeat that the teacher sent from outside the class.
pub fn note_teacher(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, seen: Millis) -> Result<()> {
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::teacher_seen.lt(seen))
        .set(dsl::teacher_seen.eq(seen))
        .execute(conn)
        .map(drop)
}

/// Stores the URL where a class can be played back.
pub fn keep_replay(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    url: &str,
    time: Millis,
) -> Result<()> {
    CacheTag::Classes(enterprise_id).changes();
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set((dsl::replay_url.eq(url), dsl::replay_time.eq(time)))
        .execute(conn)
        .map(drop)
}

/// Returns running classes of any enterprise whose teacher sent no heartbeat within the silence limit before `at`, as
/// pairs of enterprise and class id.
pub fn silent(conn: &mut Conn, at: Millis, at_most: i64) -> Result<Vec<(EnterpriseId, ClassId)>> {
    search_silent(conn, "", at, at_most)
}

/// Whether a class meets the condition of [`silent`].
pub fn is_silent(conn: &mut Conn, class: &Class, at: Millis) -> Result<bool> {
    let only = format!("AND enterprise_id = {} AND class_id = {}", class.enterprise_id, class.class_id);
    Ok(!search_silent(conn, &only, at, 1)?.is_empty())
}

fn search_silent(conn: &mut Conn, only: &str, at: Millis, at_most: i64) -> Result<Vec<(EnterpriseId, ClassId)>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        enterprise_id: EnterpriseId,
        #[diesel(sql_type = BigInt)]
        class_id: ClassId,
    }
    // Literals let the database use the partial index of such classes. The values are our own numbers, so they need no
    // binding. A session without a lease was opened by a back end, which also closes it, so it counts as alive.
    let found: Vec<Found> = diesel::sql_query(format!(
        "SELECT enterprise_id, class_id FROM classes WHERE class_status = 'ing' AND silence_limit > 0 {only} \
         AND real_start_time + silence_limit < {at} AND teacher_seen + silence_limit < {at} \
         AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.class_id = classes.class_id \
         AND sessions.user_id = classes.teacher_id AND (last_seen + silence_limit >= {at} \
         OR quit_time + silence_limit >= {at} OR (quit_time IS NULL AND lease_until IS NULL))) \
         ORDER BY class_id LIMIT {at_most}"
    ))
    .load(conn)?;
    Ok(found.into_iter().map(|row| (row.enterprise_id, row.class_id)).collect())
}
