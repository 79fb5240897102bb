//! Files: folders of the storage, from the promise to write one to its end. A row is there before the first byte and until the
//! last one is gone, so that nothing is forgotten in the storage, whenever a process dies.

mod address;
mod key;

pub use address::{Address, Link, ROOT};
pub use key::Key;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
pub use crate::store::content::file::Kind;
use crate::store::content::file::{File, State};

/// How long a file may take to be written; then it is taken for one that nobody finishes.
pub const WRITTEN_WITHIN: Millis = 86_400_000;

/// Promises that a file will be written into the folder of the storage that its key names. Unless it is kept within
/// [`WRITTEN_WITHIN`], what is there is removed.
///
/// # Errors
/// Only the database's.
pub fn begin(conn: &mut Conn, enterprise_id: i64, kind: Kind, private: bool, now: Millis) -> Result<Key> {
    let key = Key::random(private);
    let new = File {
        file_key: key.as_str().to_owned(),
        enterprise_id,
        kind,
        state: State::Storing,
        bytes: 0,
        create_time: now,
        due: Some(now.saturating_add(WRITTEN_WITHIN)),
        attempts: 0,
    };
    store::content::file::insert(conn, &new)?;
    Ok(key)
}

/// Keeps a file that was written, in the transaction that gives it to whom it is for.
///
/// # Errors
/// [`Error::Forbidden`] when it was discarded meanwhile.
pub fn keep(conn: &mut Conn, enterprise_id: i64, key: &Key, bytes: i64) -> Result<()> {
    if store::content::file::keep(conn, enterprise_id, key.as_str(), bytes)? {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::FileDiscarded))
    }
}

/// Lets a file be removed; nobody sees it from now on. One that is not there is as good.
///
/// # Errors
/// Only the database's.
pub fn discard(conn: &mut Conn, enterprise_id: i64, key: &Key, now: Millis) -> Result<()> {
    Ok(store::content::file::discard(conn, enterprise_id, &[key.as_str().to_owned()], now)?)
}

/// Discards all files of an enterprise that was removed.
///
/// # Errors
/// Only the database's.
pub fn discard_all(conn: &mut Conn, enterprise_id: i64) -> Result<()> {
    Ok(store::content::file::discard_all(conn, enterprise_id)?)
}

/// What somebody with a link gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// The file, which the link shows until then.
    Granted(Kind, Millis),
    /// Nothing: the link is over, or never was one.
    Refused,
    /// Nothing: there is no such file.
    Unknown,
}

/// Whether a link shows its file.
///
/// # Errors
/// Only the database's.
pub fn access(conn: &mut Conn, link: &Link, now: Millis) -> Result<Access> {
    let found =
        store::content::file::of_key(conn, link.address.key().as_str())?.filter(|file| file.state == State::Kept);
    let Some(file) = found else { return Ok(Access::Unknown) };
    // Whom a public file belongs to needs no look.
    if !link.address.key().is_private() {
        return Ok(Access::Granted(file.kind, Millis::MAX));
    }
    let Some(enterprise) = store::tenancy::enterprise::get(conn, file.enterprise_id)? else {
        return Ok(Access::Unknown);
    };
    Ok(link.good_until(&enterprise, now).map_or(Access::Refused, |until| Access::Granted(file.kind, until)))
}

/// The file that an address names for who sends it: `None` for one of somewhere else. `public_url` is what our addresses begin
/// with.
///
/// # Errors
/// [`Error::Invalid`] for a link to a private file that is over, or another enterprise's.
pub fn of_url(enterprise: &Enterprise, public_url: &str, url: &str, now: Millis) -> Result<Option<Address>> {
    let Some(link) = url.strip_prefix(public_url).and_then(Link::parse) else { return Ok(None) };
    if link.good_until(enterprise, now).is_some() {
        Ok(Some(link.address))
    } else {
        Err(Error::invalid(Field::DocumentUrl, Problem::BadLink))
    }
}
