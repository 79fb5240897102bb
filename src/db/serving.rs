//! One server at a time on a SQLite file: the lock that a server holds while it runs.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::database::Db;
use super::error::Error;
use super::opener::{OWNER_ONLY, beside};

/// The suffix of the lock file, which is beside the database and contains the process id of the last server. The database itself
/// can't be locked: on some network file systems that lock is the same as SQLite's own.
const SUFFIX: &str = ".lock";

/// The longest process id in a lock file, in bytes.
const ID_LIMIT: u64 = 20;

/// Held by the server of a SQLite file. The operating system releases it when the process ends for any reason.
#[derive(Debug)]
pub struct ServingLock {
    _file: File,
}

impl Db {
    /// Locks a SQLite file for one server; other commands work beside it. A server of PostgreSQL needs no lock and gets none.
    ///
    /// # Errors
    /// [`Error::Address`] with the file and the process when another server has it.
    pub fn lock_for_serving(&self) -> Result<Option<ServingLock>, Error> {
        let Some(path) = self.file() else { return Ok(None) };
        warn_of_readers(path);
        lock(path).map(Some)
    }
}

/// Locks a SQLite file for this process.
///
/// # Errors
/// [`Error::Address`] with the file and the process when a server has it.
pub(super) fn lock(path: &Path) -> Result<ServingLock, Error> {
    // Several names may lead to one file.
    let path = path.canonicalize().map_err(|e| Error::Unavailable(format!("can't use {}: {e}", path.display())))?;
    let lock = beside(&path, SUFFIX);
    let failed = |e: std::io::Error| Error::Unavailable(format!("can't lock {}: {e}", lock.display()));
    let mut open = OpenOptions::new();
    open.read(true).write(true).create(true).truncate(false).mode(OWNER_ONLY);
    let mut file = open.open(&lock).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(in_use(&path, &lock, &file)),
        Err(TryLockError::Error(e)) => {
            log::warn!("{} can't be locked ({e}): nothing keeps a second server away", lock.display());
        }
    }
    file.set_len(0).and_then(|()| write!(file, "{}", std::process::id())).map_err(failed)?;
    Ok(ServingLock { _file: file })
}

fn in_use(path: &Path, lock: &Path, file: &File) -> Error {
    let mut id = String::new();
    let read = file.take(ID_LIMIT).read_to_string(&mut id);
    let id = id.trim();
    let by = match id.parse::<u32>() {
        Ok(id) if read.is_ok() => format!("process {id}"),
        _ => "another process".to_owned(),
    };
    Error::Address(format!(
        "{} is being served by {by}, which holds {}: a SQLite file is for one server; stop that one, or use PostgreSQL",
        path.display(),
        lock.display()
    ))
}

/// Files that earlier versions made have the mode that the umask allowed. They are left as they are, because an operator may have
/// chosen that mode.
fn warn_of_readers(path: &Path) {
    let mode = std::fs::metadata(path).map_or(OWNER_ONLY, |found| found.permissions().mode());
    if mode & 0o077 != 0 {
        log::warn!(
            "{0} contains all keys and has mode {1:04o}: 'chmod 600 {0} {0}-wal {0}-shm' keeps other users out",
            path.display(),
            mode & 0o7777
        );
    }
}
