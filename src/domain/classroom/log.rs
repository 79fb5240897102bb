//! The log of a class: what those who follow the class receive, in one order.
//!
//! An entry is appended in the transaction of the change that it reports, and is sent after the commit. A class that nobody
//! has followed has no log, and nothing is written for it.

mod answering;
mod class;
mod people;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
pub use crate::store::classroom::log::{APPENDED, Audience, LogEntry, LogEvent};
pub use crate::store::classroom::log::{
    AnswerState, CheckInState, ClassState, MemberState, Outcome, QuestionState, RecordingMark,
};
use crate::store::ids::{ClassId, EnterpriseId};
pub(in crate::domain) use answering::{
    answered, asked, check_in, checked_in, ended_with_class, outcome, question_ended,
};
pub(in crate::domain) use class::{class, classes};
pub(in crate::domain) use people::{changed, left, members};

/// Whether anybody has ever followed the class. If not, [`append`] does nothing, so there is no need to find out what it needs.
pub(in crate::domain) fn is_followed(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<bool> {
    Ok(store::classroom::log::last_sequence(conn, enterprise_id, class_id)?.is_some())
}

/// Appends an event to the log of a class, if anybody has followed it. Returns the number of the entry.
///
/// The log stays locked until the end of the transaction. Nothing else is locked after it.
pub(in crate::domain) fn append(
    conn: &mut Conn,
    class: (EnterpriseId, ClassId),
    audience: &Audience,
    event: &LogEvent,
    now: Millis,
) -> Result<Option<i64>> {
    Ok(store::classroom::log::append(conn, class, audience, event, now)?)
}

/// Starts the log of a class, because somebody follows it.
///
/// # Errors
/// Only those of the database.
pub fn start(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<()> {
    Ok(store::classroom::log::start(conn, enterprise_id, class_id)?)
}

/// The number of the last entry of a class; 0 if there is none.
///
/// # Errors
/// Only those of the database.
pub fn last_sequence(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    Ok(store::classroom::log::last_sequence(conn, enterprise_id, class_id)?.unwrap_or(0))
}

/// The numbers of the last entries of some classes of any enterprise.
///
/// # Errors
/// Only those of the database.
pub fn last_sequences(conn: &mut Conn, class_ids: &[ClassId]) -> Result<Vec<(ClassId, i64)>> {
    Ok(store::classroom::log::last_sequences(conn, class_ids)?)
}

/// The entries of a class after a number, in order.
///
/// # Errors
/// Only those of the database.
pub fn after(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    sequence: i64,
    at_most: i64,
) -> Result<Vec<LogEntry>> {
    Ok(store::classroom::log::after(conn, enterprise_id, class_id, sequence, at_most)?)
}
