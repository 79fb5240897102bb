//! Files: folders of the storage. A row is inserted before its bytes are written and deleted after they are gone. So
//! the storage never holds a folder without a row, even if the process crashes.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::files;
use crate::store::schema::files::dsl;
use crate::store::text::words;

words! {
    /// The origin of a file.
    Kind {
        /// An upload by a client.
        Upload = "upload",
        /// A result of the converter.
        Conversion = "conversion",
        /// What was recorded of a class, or its video.
        Recording = "recording",
        /// A segment of the live picture of a class. It is read while it is `storing`, and removed when it is due.
        Live = "live",
    }
}

words! {
    /// The state of a file.
    State {
        /// It is being written.
        Storing = "storing",
        /// It is complete.
        Kept = "kept",
        /// It is to be deleted.
        Discarded = "discarded",
    }
}

/// A stored folder.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
pub struct File {
    /// The name of the folder; it can't be guessed.
    pub file_key: String,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The origin.
    pub kind: Kind,
    /// The state.
    pub state: State,
    /// The size in bytes, set when it is complete.
    pub bytes: i64,
    /// When writing began.
    pub create_time: Millis,
    /// When it is deleted; `None` for a kept file.
    pub due: Option<Millis>,
    /// The number of attempts to delete it.
    pub attempts: i64,
}

/// Inserts a file.
pub fn insert(conn: &mut Conn, new: &File) -> Result<()> {
    diesel::insert_into(dsl::files).values(new).execute(conn).map(drop)
}

/// Returns the file of a key, of any enterprise. The caller needs to know only the key.
pub fn of_key(conn: &mut Conn, file_key: &str) -> Result<Option<File>> {
    dsl::files.find(file_key).get_result(conn).optional()
}

/// Returns the kept files among `keys` and locks them until the transaction ends. Locks are taken in key order to
/// avoid deadlocks.
pub fn lock_kept(conn: &mut Conn, enterprise_id: EnterpriseId, keys: &[String]) -> Result<Vec<String>> {
    let query = dsl::files
        .filter(dsl::file_key.eq_any(keys))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.eq(State::Kept))
        .order(dsl::file_key)
        .select(dsl::file_key);
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_no_key_update().load(c),
    }
}

/// Marks a file as complete, with its size in bytes. Returns false if it was not being written.
pub fn keep(conn: &mut Conn, enterprise_id: EnterpriseId, file_key: &str, bytes: i64) -> Result<bool> {
    let changed = diesel::update(dsl::files.find(file_key))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.eq(State::Storing))
        .set((dsl::state.eq(State::Kept), dsl::bytes.eq(bytes), dsl::due.eq(None::<Millis>)))
        .execute(conn)?;
    Ok(changed > 0)
}

/// Schedules the deletion of files at `due`. Files that are already discarded keep their time.
pub fn discard(conn: &mut Conn, enterprise_id: EnterpriseId, keys: &[String], due: Millis) -> Result<()> {
    diesel::update(dsl::files)
        .filter(dsl::file_key.eq_any(keys))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.ne(State::Discarded))
        .set((dsl::state.eq(State::Discarded), dsl::due.eq(Some(due))))
        .execute(conn)
        .map(drop)
}

/// Schedules the deletion of all files of an enterprise, immediately.
pub fn discard_all(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<()> {
    diesel::update(dsl::files)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.ne(State::Discarded))
        .set((dsl::state.eq(State::Discarded), dsl::due.eq(Some(0))))
        .execute(conn)
        .map(drop)
}

/// Whether a deletion is due.
pub fn is_due(conn: &mut Conn, now: Millis) -> Result<bool> {
    diesel::select(diesel::dsl::exists(dsl::files.filter(dsl::due.le(now)))).get_result(conn)
}

/// Returns files to delete, of all enterprises, the longest due first. Skips rows locked by other transactions.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<File>> {
    let query = dsl::files.filter(dsl::due.le(now)).order(dsl::due).limit(at_most);
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_update().skip_locked().load(c),
    }
}

/// Counts an attempt to delete a file and schedules the next one. The file can no longer be kept.
pub fn reschedule(conn: &mut Conn, file: &File, until: Millis) -> Result<()> {
    diesel::update(dsl::files.find(&file.file_key))
        .filter(dsl::enterprise_id.eq(file.enterprise_id))
        .set((dsl::state.eq(State::Discarded), dsl::due.eq(Some(until)), dsl::attempts.eq(file.attempts + 1)))
        .execute(conn)
        .map(drop)
}

/// Deletes the row of a discarded file. Its bytes must be gone from the storage.
pub fn done(conn: &mut Conn, enterprise_id: EnterpriseId, file_key: &str) -> Result<()> {
    diesel::delete(dsl::files.find(file_key))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.eq(State::Discarded))
        .execute(conn)
        .map(drop)
}

/// Returns how many bytes the kept files of an enterprise have that are of this kind.
pub fn bytes_of(conn: &mut Conn, enterprise_id: EnterpriseId, kind: Kind) -> Result<i64> {
    // PostgreSQL adds 64-bit integers up to a decimal number, so the sum is made here. There are few such files.
    let bytes: Vec<i64> = dsl::files
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::kind.eq(kind))
        .filter(dsl::state.eq(State::Kept))
        .select(dsl::bytes)
        .load(conn)?;
    Ok(bytes.into_iter().sum())
}
