//! Rooms: classes seen by what a protocol without schedules shows of them.

mod list;
mod row;

use diesel::sql_types::BigInt;

use super::class::Class;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::views::rooms::dsl;
use crate::store::{CacheTag, Result};

pub use list::{Filter, inside, list};
pub use row::Room;

/// What a class has that is made as a room.
#[derive(Clone, Copy, Debug)]
pub struct NewRoom<'a> {
    /// Its name; it may be empty here.
    pub class_topic: &'a str,
    /// The address of its picture; empty for none.
    pub cover: &'a str,
    /// For how long its teacher may give no sign of life.
    pub silence_limit: Millis,
}

/// One class as a room.
pub fn find(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Option<Room>> {
    dsl::rooms.find(class_id).filter(dsl::enterprise_id.eq(enterprise_id)).get_result(conn).optional()
}

/// Makes a room of a class.
pub fn furnish(conn: &mut Conn, enterprise_id: i64, class_id: i64, with: NewRoom<'_>) -> Result<()> {
    CacheTag::Class(class_id).changes();
    let NewRoom { class_topic, cover, silence_limit } = with;
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set((dsl::class_topic.eq(class_topic), dsl::cover.eq(cover), dsl::silence_limit.eq(silence_limit)))
        .execute(conn)
        .map(drop)
}

/// Notes the message that told the group of a class that it began.
pub fn note_begin(conn: &mut Conn, enterprise_id: i64, class_id: i64, sequence: i64) -> Result<()> {
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::begin_sequence.eq(sequence))
        .execute(conn)
        .map(drop)
}

/// Notes the message that told the group of a class that it ended.
pub fn note_end(conn: &mut Conn, enterprise_id: i64, class_id: i64, sequence: i64) -> Result<()> {
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::end_sequence.eq(sequence))
        .execute(conn)
        .map(drop)
}

/// Notes a sign of life that the teacher of a class gave from outside.
pub fn note_teacher(conn: &mut Conn, enterprise_id: i64, class_id: i64, seen: Millis) -> Result<()> {
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::teacher_seen.lt(seen))
        .set(dsl::teacher_seen.eq(seen))
        .execute(conn)
        .map(drop)
}

/// Keeps where a class is played back.
pub fn keep_replay(conn: &mut Conn, enterprise_id: i64, class_id: i64, url: &str, time: Millis) -> Result<()> {
    diesel::update(dsl::rooms.find(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set((dsl::replay_url.eq(url), dsl::replay_time.eq(time)))
        .execute(conn)
        .map(drop)
}

/// Classes of any enterprise that go on and whose teacher, at this time, has given no sign of life for longer than they
/// allow, by enterprise and id, some of them.
pub fn silent(conn: &mut Conn, at: Millis, at_most: i64) -> Result<Vec<(i64, i64)>> {
    search_silent(conn, "", at, at_most)
}

/// Whether a class is one of [`silent`].
pub fn is_silent(conn: &mut Conn, class: &Class, at: Millis) -> Result<bool> {
    let only = format!("AND enterprise_id = {} AND class_id = {}", class.enterprise_id, class.class_id);
    Ok(!search_silent(conn, &only, at, 1)?.is_empty())
}

fn search_silent(conn: &mut Conn, only: &str, at: Millis, at_most: i64) -> Result<Vec<(i64, i64)>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        enterprise_id: i64,
        #[diesel(sql_type = BigInt)]
        class_id: i64,
    }
    // Literals, so that the database can match them with the index of such classes; numbers of our own, so that nothing has
    // to be bound. A stay without a lease was opened by a back end, which says itself when it is over.
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
