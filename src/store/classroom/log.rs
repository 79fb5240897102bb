//! The log of a class: what happened in it, in the order in which those who follow the class receive it. Only classes that
//! somebody has followed have one.

mod audience;
mod event;
mod state;

use diesel::sql_types::BigInt;

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::db::{Conn, Key, PackedKey, Topic};
use crate::store::classroom::class::Status;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::schema::log_entries::dsl;
use crate::store::schema::{live_classes, log_entries};
use crate::store::statement::Statement;
use crate::store::views::classes;
use crate::store::{Result, update};

pub use audience::Audience;
pub use event::LogEvent;
pub use state::{AnswerState, CheckInState, ClassState, MemberState, Outcome, QuestionState, RecordingMark};

/// Notified when a transaction that appended to the log of a class is committed.
pub static APPENDED: Topic<ClassId> = Topic::new("class log");

impl Key for ClassId {
    fn pack(self) -> PackedKey {
        (self.0, 0)
    }

    fn unpack((class_id, _): PackedKey) -> Self {
        Self(class_id)
    }
}

/// An entry of the log of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// Its number in the class, from 1, without gaps.
    pub sequence: i64,
    /// Who receives it.
    pub audience: Audience,
    /// What happened. `None` for an event that a later version of the program wrote.
    pub event: Option<LogEvent>,
    /// When it was appended.
    pub create_time: Millis,
}

/// Returns the number of the last entry; `None` if nobody has followed the class.
pub fn last_sequence(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<i64>> {
    live_classes::table
        .filter(live_classes::class_id.eq(class_id))
        .filter(live_classes::enterprise_id.eq(enterprise_id))
        .select(live_classes::last_sequence)
        .get_result(conn)
        .optional()
}

/// Returns the numbers of the last entries of some classes, of any enterprise.
pub fn last_sequences(conn: &mut Conn, class_ids: &[ClassId]) -> Result<Vec<(ClassId, i64)>> {
    live_classes::table
        .filter(live_classes::class_id.eq_any(class_ids))
        .select((live_classes::class_id, live_classes::last_sequence))
        .load(conn)
}

/// The maximum number of class ids in one statement. SQLite allows at most 32,766 values.
const CLASSES_AT_ONCE: usize = 10_000;

/// Returns which of some classes have a log, in id order.
pub fn followed(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<Vec<ClassId>> {
    let mut followed: Vec<ClassId> = Vec::new();
    for some in class_ids.chunks(CLASSES_AT_ONCE) {
        let found: Vec<ClassId> = live_classes::table
            .filter(live_classes::class_id.eq_any(some))
            .filter(live_classes::enterprise_id.eq(enterprise_id))
            .select(live_classes::class_id)
            .load(conn)?;
        followed.extend(found);
    }
    followed.sort_unstable();
    Ok(followed)
}

/// Returns the lessons of a course that somebody has followed and that have not ended, in the order of their ids.
pub fn followed_lessons(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<Vec<ClassId>> {
    let lessons = classes::table
        .filter(classes::course_id.eq(course_id))
        .filter(classes::enterprise_id.eq(enterprise_id))
        .filter(classes::class_status.ne(Status::End))
        .select(classes::class_id);
    live_classes::table
        .filter(live_classes::class_id.eq_any(lessons))
        .filter(live_classes::enterprise_id.eq(enterprise_id))
        .order(live_classes::class_id)
        .select(live_classes::class_id)
        .load(conn)
}

/// Returns an entry.
pub fn get(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, sequence: i64) -> Result<Option<LogEntry>> {
    Ok(after(conn, enterprise_id, class_id, sequence - 1, 1)?.into_iter().find(|entry| entry.sequence == sequence))
}

/// Starts the log of a class, if it has none.
pub fn start(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<()> {
    diesel::insert_into(live_classes::table)
        .values((
            live_classes::class_id.eq(class_id),
            live_classes::enterprise_id.eq(enterprise_id),
            live_classes::last_sequence.eq(0_i64),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .map(drop)
}

/// Appends an entry and returns its number; `None`, and nothing is written, if nobody has followed the class. The number stays
/// locked until the end of the transaction, so entries become visible in the order of their numbers.
pub fn append(
    conn: &mut Conn,
    (enterprise_id, class_id): (EnterpriseId, ClassId),
    audience: &Audience,
    event: &LogEvent,
    now: Millis,
) -> Result<Option<i64>> {
    let (audience, event) = (audience.column(), event.column());
    let appended = match conn {
        Conn::Sqlite(c) => {
            let one = live_classes::class_id.eq(class_id).and(live_classes::enterprise_id.eq(enterprise_id));
            let next = live_classes::last_sequence.eq(live_classes::last_sequence + 1);
            let next = update::prepared(live_classes::table, one, next).returning(live_classes::last_sequence);
            let Some(sequence) = next.get_result::<i64>(c).optional()? else { return Ok(None) };
            let entry = (
                dsl::class_id.eq(class_id),
                dsl::sequence.eq(sequence),
                dsl::enterprise_id.eq(enterprise_id),
                dsl::audience.eq(audience),
                dsl::event.eq(event),
                dsl::create_time.eq(now),
            );
            diesel::insert_into(dsl::log_entries).values(entry).execute(c)?;
            Some(sequence)
        }
        // One statement, because each is a round trip.
        Conn::Postgres(c) => Statement::<BigInt>::new(
            "WITH next AS (UPDATE live_classes SET last_sequence = last_sequence + 1 WHERE class_id = ",
        )
        .number(class_id.0)
        .sql(" AND enterprise_id = ")
        .number(enterprise_id.0)
        .sql(
            " RETURNING last_sequence) \
             INSERT INTO log_entries (class_id, sequence, enterprise_id, audience, event, create_time) SELECT ",
        )
        .number(class_id.0)
        .sql(", last_sequence, ")
        .number(enterprise_id.0)
        .sql(", ")
        .text(audience)
        .sql(", ")
        .text(event)
        .sql(", ")
        .number(now)
        .sql(" FROM next RETURNING sequence")
        .get_result::<i64>(c)
        .optional()?,
    };
    if appended.is_some() {
        APPENDED.notify_at_commit(class_id);
    }
    Ok(appended)
}

/// Returns the entries after a number, in order.
pub fn after(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    sequence: i64,
    at_most: i64,
) -> Result<Vec<LogEntry>> {
    let rows: Vec<(i64, String, String, Millis)> = log_entries::table
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::sequence.gt(sequence))
        .order(dsl::sequence)
        .limit(at_most)
        .select((dsl::sequence, dsl::audience, dsl::event, dsl::create_time))
        .load(conn)?;
    let entry = |(sequence, audience, event, create_time): (i64, String, String, Millis)| LogEntry {
        sequence,
        audience: Audience::parse(&audience),
        event: LogEvent::parse(&event),
        create_time,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Replaces the event of an entry, so that nobody receives any more what it was.
pub fn replace(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    sequence: i64,
    event: &LogEvent,
) -> Result<()> {
    let one = dsl::class_id.eq(class_id).and(dsl::sequence.eq(sequence)).and(dsl::enterprise_id.eq(enterprise_id));
    update::prepared(dsl::log_entries, one, dsl::event.eq(event.column())).execute(conn).map(drop)
}
