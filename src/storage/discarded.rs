//! The worker that removes from the storage files that were discarded, and files that nobody finished writing.

use super::backend::Storage;
use super::error::Error;
use crate::clock::Millis;
use crate::db::{Conn, QueryError};
use crate::jobs::{Backoff, DueWork, Worker, due_work};
use crate::store::content::file;
use crate::store::content::file::File;

/// Removes files as they fall due.
#[must_use]
pub fn remove_discarded(storage: Storage) -> Box<dyn Worker> {
    due_work(Discarded(storage))
}

struct Discarded(Storage);

impl DueWork for Discarded {
    type Item = File;

    const NAME: &'static str = "removal of discarded files";
    const AT_ONCE: u16 = 8;
    const BACKOFF: Backoff = Backoff::doubling(60_000, 86_400_000);

    fn is_due(conn: &mut Conn, now: Millis) -> Result<bool, QueryError> {
        file::is_due(conn, now)
    }

    fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<File>, QueryError> {
        file::due(conn, now, at_most)
    }

    fn attempts(file: &File) -> i64 {
        file.attempts
    }

    fn reschedule(conn: &mut Conn, file: &File, due: Millis) -> Result<(), QueryError> {
        file::reschedule(conn, file, due)
    }

    async fn perform(&self, file: &File) -> Result<(), String> {
        match self.0.remove_all(&file.file_key).await {
            // A file that was never written, or is removed already.
            Ok(()) | Err(Error::Missing) => Ok(()),
            Err(problem) => Err(format!("a file of enterprise {} is not removed yet: {problem}", file.enterprise_id)),
        }
    }

    fn settle(conn: &mut Conn, file: &File) -> Result<(), QueryError> {
        file::done(conn, file.enterprise_id, &file.file_key)
    }
}
