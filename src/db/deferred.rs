//! What transactions leave for their end, to write it together.
//!
//! On SQLite the writes of many callers are one transaction, in which each is a savepoint: whatever page it changes is copied
//! first, so that it can be undone alone. What is left for the end comes after all of them, outside of any savepoint and in
//! few statements: a page that every caller changes is then changed once. On PostgreSQL, locks that all want are held for a
//! shorter time.

use std::any::Any;
use std::cell::RefCell;

use super::{Conn, QueryError};

/// A row that can be left for the end of a transaction.
pub trait Deferred: Any + Sized {
    /// Writes rows, in their order.
    ///
    /// # Errors
    /// The database's; nothing of the transaction stays then.
    fn write(rows: &[&Self], conn: &mut Conn) -> Result<(), QueryError>;
}

/// A row and how it is written with others of its type.
struct Left {
    row: Box<dyn Any>,
    write: fn(&[Left], &mut Conn) -> Result<(), QueryError>,
}

/// What the transaction on this thread has left for its end.
#[derive(Default)]
struct Rows {
    left: Vec<Left>,
    /// So many of them are written, for one who was to see them.
    written: usize,
}

/// How much was left for the end, and written of it, at a moment.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    left: usize,
    written: usize,
}

thread_local! {
    /// `None` outside of transactions.
    static ROWS: RefCell<Option<Rows>> = const { RefCell::new(None) };
}

/// Called inside a transaction of [`Db`](super::Db): the row is written before its commit, after all that is not deferred, and
/// is undone with what its caller wrote. Anywhere else it is written at once.
///
/// # Errors
/// Those of writing it at once.
pub fn before_commit<T: Deferred>(conn: &mut Conn, row: T) -> Result<(), QueryError> {
    let at_once = ROWS.with_borrow_mut(|rows| match rows {
        Some(rows) => {
            rows.left.push(Left { row: Box::new(row), write: write::<T> });
            None
        }
        None => Some(row),
    });
    at_once.map_or(Ok(()), |row| T::write(&[&row], conn))
}

fn write<T: Deferred>(left: &[Left], conn: &mut Conn) -> Result<(), QueryError> {
    let rows: Vec<&T> = left.iter().filter_map(|left| left.row.downcast_ref()).collect();
    T::write(&rows, conn)
}

/// Writes what was left for the end, for one who is to see it.
///
/// # Errors
/// The database's.
pub fn catch_up(conn: &mut Conn) -> Result<(), QueryError> {
    let Some(Rows { left, written }) = ROWS.take() else { return Ok(()) };
    let missing = left.get(written..).unwrap_or_default();
    let mut alike = missing.chunk_by(|a, b| a.row.as_ref().type_id() == b.row.as_ref().type_id());
    let result = alike.try_for_each(|some| some.first().map_or(Ok(()), |first| (first.write)(some, conn)));
    ROWS.set(Some(Rows { written: left.len(), left }));
    result
}

pub(super) fn transaction_begins() {
    ROWS.set(Some(Rows::default()));
}

pub(super) fn transaction_ended() {
    ROWS.set(None);
}

/// Where the transaction is now …
pub(super) fn mark() -> Mark {
    let mark = |rows: &Rows| Mark { left: rows.left.len(), written: rows.written };
    ROWS.with_borrow(|rows| rows.as_ref().map(mark)).unwrap_or_default()
}

/// … and back there, when the database was brought back to it.
pub(super) fn undo(to: Mark) {
    ROWS.with_borrow_mut(|rows| {
        if let Some(rows) = rows {
            rows.left.truncate(to.left);
            rows.written = to.written;
        }
    });
}
