//! How the database is used now, for the metrics.

use super::database::Db;
use super::meter::{Connections, Meter};
use super::opener::{Opener, beside};

impl Db {
    /// The counts of this process.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The connections of the pool now. On SQLite, only slow reads use it.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.pool.connections()
    }

    /// The size of the write-ahead log of SQLite, in bytes; `None` on PostgreSQL.
    #[must_use]
    pub fn write_ahead_bytes(&self) -> Option<u64> {
        match &self.opener {
            Opener::Sqlite(path) => Some(std::fs::metadata(beside(path, "-wal")).map_or(0, |found| found.len())),
            Opener::Postgres(_) => None,
        }
    }
}
