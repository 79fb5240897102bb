//! Files: folders of the storage. What is written here comes before the bytes and goes after them, so that whatever becomes
//! of a process, nothing is in the storage that no row tells of.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::files;
use crate::store::schema::files::dsl;
use crate::store::text::words;

words! {
    /// Where a file comes from.
    Kind {
        /// Somebody sent it.
        Upload = "upload",
        /// The converter made it of a document.
        Conversion = "conversion",
    }
}

words! {
    /// What is to become of a file.
    State {
        /// It is being written.
        Storing = "storing",
        /// It is whole.
        Kept = "kept",
        /// It is to be removed.
        Discarded = "discarded",
    }
}

/// A stored folder.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
pub struct File {
    /// The folder's name; nobody can guess it.
    pub file_key: String,
    /// Whose it is.
    pub enterprise_id: i64,
    /// Where it comes from.
    pub kind: Kind,
    /// What is to become of it.
    pub state: State,
    /// How much it is, once it is whole.
    pub bytes: i64,
    /// When it was begun.
    pub create_time: Millis,
    /// When it is removed, unless it is kept.
    pub due: Option<Millis>,
    /// How often removing it was tried.
    pub attempts: i64,
}

/// Adds a file.
pub fn insert(conn: &mut Conn, new: &File) -> Result<()> {
    diesel::insert_into(dsl::files).values(new).execute(conn).map(drop)
}

/// The file of a key, whoever's it is: who knows the key need not know the enterprise.
pub fn of_key(conn: &mut Conn, file_key: &str) -> Result<Option<File>> {
    dsl::files.find(file_key).get_result(conn).optional()
}

/// Those of `keys` that are kept, locked until the transaction ends; in one order, so that nobody waits in a circle.
pub fn lock_kept(conn: &mut Conn, enterprise_id: i64, keys: &[String]) -> Result<Vec<String>> {
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

/// Says of a file that is being written that it is whole, and says whether it was being written.
pub fn keep(conn: &mut Conn, enterprise_id: i64, file_key: &str, bytes: i64) -> Result<bool> {
    let changed = diesel::update(dsl::files.find(file_key))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.eq(State::Storing))
        .set((dsl::state.eq(State::Kept), dsl::bytes.eq(bytes), dsl::due.eq(None::<Millis>)))
        .execute(conn)?;
    Ok(changed > 0)
}

/// Says of files that they are to be removed at `due`; who is to be already stays as it is.
pub fn discard(conn: &mut Conn, enterprise_id: i64, keys: &[String], due: Millis) -> Result<()> {
    diesel::update(dsl::files)
        .filter(dsl::file_key.eq_any(keys))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.ne(State::Discarded))
        .set((dsl::state.eq(State::Discarded), dsl::due.eq(Some(due))))
        .execute(conn)
        .map(drop)
}

/// Says of all files of an enterprise that they are to be removed, now.
pub fn discard_all(conn: &mut Conn, enterprise_id: i64) -> Result<()> {
    diesel::update(dsl::files)
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.ne(State::Discarded))
        .set((dsl::state.eq(State::Discarded), dsl::due.eq(Some(0))))
        .execute(conn)
        .map(drop)
}

/// Whether anything is due.
pub fn is_due(conn: &mut Conn, now: Millis) -> Result<bool> {
    diesel::select(diesel::dsl::exists(dsl::files.filter(dsl::due.le(now)))).get_result(conn)
}

/// What is due, of all enterprises, the oldest first. What another transaction has locked is left out.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<File>> {
    let query = dsl::files.filter(dsl::due.le(now)).order(dsl::due).limit(at_most);
    match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Postgres(c) => query.for_update().skip_locked().load(c),
    }
}

/// Counts a try to remove a file, and writes down when the next one is. From here on nobody can keep it.
pub fn reschedule(conn: &mut Conn, file: &File, until: Millis) -> Result<()> {
    diesel::update(dsl::files.find(&file.file_key))
        .filter(dsl::enterprise_id.eq(file.enterprise_id))
        .set((dsl::state.eq(State::Discarded), dsl::due.eq(Some(until)), dsl::attempts.eq(file.attempts + 1)))
        .execute(conn)
        .map(drop)
}

/// Removes what is to be removed and has nothing in the storage any more.
pub fn done(conn: &mut Conn, enterprise_id: i64, file_key: &str) -> Result<()> {
    diesel::delete(dsl::files.find(file_key))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::state.eq(State::Discarded))
        .execute(conn)
        .map(drop)
}
