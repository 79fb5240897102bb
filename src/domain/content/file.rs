//! Files: folders of the storage, from the start of writing to their deletion. The row exists before the first byte is
//! written and until the last one is deleted, so a crash never leaves orphans in the storage.

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
use crate::store::ids::EnterpriseId;

/// How long writing a file may take, in milliseconds. An older unfinished file counts as abandoned.
pub const WRITTEN_WITHIN: Millis = 86_400_000;

/// Registers a file that is about to be written to the storage folder named by its key. Unless it is kept within
/// [`WRITTEN_WITHIN`], it is deleted.
///
/// # Errors
/// Only those of the database.
pub fn begin(conn: &mut Conn, enterprise_id: EnterpriseId, kind: Kind, private: bool, now: Millis) -> Result<Key> {
    insert(conn, enterprise_id, (kind, Key::random(private)), now, WRITTEN_WITHIN)
}

/// Registers a private segment of a live picture, which can be read while it is being written and is deleted after this time.
///
/// # Errors
/// Only those of the database.
pub fn begin_segment(conn: &mut Conn, enterprise_id: EnterpriseId, now: Millis, lasts: Millis) -> Result<Key> {
    insert(conn, enterprise_id, (Kind::Live, Key::random(true)), now, lasts)
}

fn insert(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    (kind, key): (Kind, Key),
    now: Millis,
    lasts: Millis,
) -> Result<Key> {
    let new = File {
        file_key: key.as_str().to_owned(),
        enterprise_id,
        kind,
        state: State::Storing,
        bytes: 0,
        create_time: now,
        due: Some(now.saturating_add(lasts)),
        attempts: 0,
    };
    store::content::file::insert(conn, &new)?;
    Ok(key)
}

/// Marks a written file as kept, in the transaction that stores the reference to it.
///
/// # Errors
/// [`Error::Forbidden`] when it was discarded meanwhile.
pub fn keep(conn: &mut Conn, enterprise_id: EnterpriseId, key: &Key, bytes: i64) -> Result<()> {
    if store::content::file::keep(conn, enterprise_id, key.as_str(), bytes)? {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::FileDiscarded))
    }
}

/// Discards a file: it can't be read from now on and is deleted later. A file that does not exist is ignored.
///
/// # Errors
/// Only those of the database.
pub fn discard(conn: &mut Conn, enterprise_id: EnterpriseId, key: &Key, now: Millis) -> Result<()> {
    Ok(store::content::file::discard(conn, enterprise_id, &[key.as_str().to_owned()], now)?)
}

/// Discards all files of a deleted enterprise.
///
/// # Errors
/// Only those of the database.
pub fn discard_all(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<()> {
    Ok(store::content::file::discard_all(conn, enterprise_id)?)
}

/// What a link gives access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// The file. The link is valid until the given time.
    Granted(Kind, Millis),
    /// Nothing: the link has expired or is invalid.
    Refused,
    /// Nothing: the file does not exist.
    Unknown,
}

/// Checks whether a link gives access to its file.
///
/// # Errors
/// Only those of the database.
pub fn access(conn: &mut Conn, link: &Link, now: Millis) -> Result<Access> {
    let is_readable = |file: &File| match file.kind {
        Kind::Live => file.state == State::Storing,
        Kind::Upload | Kind::Conversion | Kind::Recording => file.state == State::Kept,
    };
    let found = store::content::file::of_key(conn, link.address.key().as_str())?.filter(is_readable);
    let Some(file) = found else { return Ok(Access::Unknown) };
    // A public file needs no look at its enterprise.
    if !link.address.key().is_private() {
        return Ok(Access::Granted(file.kind, Millis::MAX));
    }
    let Some(enterprise) = store::tenancy::enterprise::get(conn, file.enterprise_id)? else {
        return Ok(Access::Unknown);
    };
    Ok(link.good_until(&enterprise, now).map_or(Access::Refused, |until| Access::Granted(file.kind, until)))
}

/// The file that a URL refers to, or `None` when the URL does not begin with `public_url`, the base address of this
/// server.
///
/// # Errors
/// [`Error::Invalid`] for a link to a private file that has expired or belongs to another enterprise.
pub fn of_url(enterprise: &Enterprise, public_url: &str, url: &str, now: Millis) -> Result<Option<Address>> {
    let Some(link) = url.strip_prefix(public_url).and_then(Link::parse) else { return Ok(None) };
    if link.good_until(enterprise, now).is_some() {
        Ok(Some(link.address))
    } else {
        Err(Error::invalid(Field::DocumentUrl, Problem::BadLink))
    }
}
