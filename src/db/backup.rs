//! Backups of a SQLite database into one file, made while a server writes.

use std::fs::File;
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::conn::Conn;
use super::database::Db;
use super::error::Error;

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

impl Db {
    /// Writes a snapshot of all that is committed into an empty file, without holding up writers; checks the file, and makes it
    /// durable. Returns its size in bytes.
    ///
    /// # Errors
    /// When this is not a SQLite database, or the disk fails.
    pub fn back_up(&self, file: &Path) -> Result<u64, Error> {
        self.write_to(file)?;
        check_file(file)?;
        let synced = File::open(file).and_then(|file| file.sync_all().and_then(|()| file.metadata()));
        Ok(synced.map_err(|e| Error::Unavailable(format!("can't keep {}: {e}", file.display())))?.len())
    }

    fn write_to(&self, file: &Path) -> Result<(), Error> {
        let Conn::Sqlite(mut conn) = self.opener.connect()? else {
            return Err(Error::Address("only a SQLite database is written into a file".into()));
        };
        let path = file.to_str().ok_or_else(|| Error::Address(format!("{} is not UTF-8", file.display())))?;
        let written = diesel::sql_query("VACUUM INTO $1").bind::<Text, _>(path).execute(&mut conn);
        written.map_err(|e| Error::Unavailable(format!("can't copy {} to {path}: {e}", self.opener)))?;
        Ok(())
    }
}

/// Reads a whole database file and checks its integrity.
///
/// # Errors
/// When it is damaged or can't be read.
pub fn check_file(file: &Path) -> Result<(), Error> {
    let name = file.display();
    let unreadable = |e: String| Error::Unavailable(format!("can't read {name}: {e}"));
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).map_err(|e| unreadable(e.to_string()))?;
    let findings: Vec<Finding> =
        diesel::sql_query("PRAGMA integrity_check(1)").load(&mut conn).map_err(|e| unreadable(e.to_string()))?;
    match findings.into_iter().map(|row| row.integrity_check).next() {
        Some(finding) if finding == "ok" => Ok(()),
        finding => Err(Error::Unavailable(format!("{name} is damaged: {}", finding.unwrap_or_default()))),
    }
}
