//! Puts a backup in the place of a SQLite database.

use std::fs::File;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use tempfile::NamedTempFile;

use super::backup::check_file;
use super::conn::Conn;
use super::error::Error;
use super::migrations;
use super::opener::{Opener, beside};
use super::serving;

/// The files that SQLite keeps beside a database that is open or was not closed.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Checks a backup, and moves it to the place of the database at `url`. A database that is there is moved aside, to names that end
/// in `suffix`. Returns its new path.
///
/// `backup` must be in the folder of the database. The caller has to make sure that no command has the database open.
///
/// # Errors
/// [`Error::Address`] when the database is not SQLite, is being served, or the backup was made by a later version;
/// [`Error::Unavailable`] when the backup is damaged or the disk fails. The database is unchanged then.
pub fn restore(url: &str, backup: NamedTempFile, suffix: &str) -> Result<Option<PathBuf>, Error> {
    let Opener::Sqlite(path) = Opener::parse(url)? else {
        return Err(Error::Address("only a SQLite database is restored from a file".into()));
    };
    check(backup.path())?;
    let failed = |e: std::io::Error| Error::Unavailable(format!("can't replace {}: {e}", path.display()));
    backup.as_file().sync_all().map_err(failed)?;
    let there = path.try_exists().map_err(failed)?;
    let _serving = if there { Some(serving::lock(&path)?) } else { None };
    let aside = beside(&path, suffix);
    if there {
        if let Err(e) = write_back(&path) {
            log::warn!("{} is moved aside with the files beside it, because it can't be closed: {e}", path.display());
        }
        std::fs::rename(&path, &aside).map_err(failed)?;
    }
    for companion in COMPANIONS {
        match std::fs::rename(beside(&path, companion), beside(&aside, companion)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
            _ => {}
        }
    }
    backup.persist_noclobber(&path).map_err(|e| failed(e.error))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(there.then_some(aside))
}

/// Writes what is in the log beside a database into it, so that it is whole in one file.
fn write_back(path: &Path) -> Result<(), Error> {
    match Opener::Sqlite(path.to_owned()).connect()? {
        // The log is removed when the connection is closed.
        Conn::Sqlite(mut c) => Ok(c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?),
        Conn::Postgres(_) => Ok(()),
    }
}

/// Checks that a file is a whole database of this version or an earlier one.
fn check(file: &Path) -> Result<(), Error> {
    check_file(file).map_err(|e| Error::Address(format!("the backup is damaged: {}", e.reason())))?;
    let mut conn = Opener::Sqlite(file.to_owned()).connect()?;
    let unknown = migrations::unknown(&mut conn)?;
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        return Err(Error::Address(format!("the backup is of a later version: it has the migrations {unknown}")));
    }
    // A file without any is a database of another program, or empty.
    let known = migrations::versions()?.into_iter().next().unwrap_or_default();
    if !migrations::applied(&mut conn)?.contains(&known) {
        return Err(Error::Address("the file is no database of Lectern".into()));
    }
    Ok(())
}
