//! Takes an upload: inserts its row as unfinished, stores its bytes, and then marks the row as kept.

use bytes::Bytes;
use futures_util::stream::{Stream, TryStreamExt};

use crate::clock::Clock;
use crate::db::{Conn, Db};
use crate::domain;
use crate::domain::content::file;
use crate::domain::content::file::{Address, Key, Kind};
use crate::domain::ids::EnterpriseId;
use crate::storage;
use crate::storage::Storage;

/// Why an upload failed.
#[derive(Debug, thiserror::Error)]
pub enum UploadError<E> {
    /// The content did not arrive in full.
    #[error("{0}")]
    Content(E),
    /// The storage failed.
    #[error("{0}")]
    Storage(#[from] storage::Error),
    /// The row could not be written.
    #[error("{0}")]
    Row(#[from] domain::Error),
}

/// A file to be uploaded.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// The enterprise that owns it.
    pub enterprise_id: EnterpriseId,
    /// Whether only the holder of a link may see it.
    pub is_private: bool,
    /// Its name in the address.
    pub name: &'a str,
}

/// Stores the content of a stream as an upload and keeps it. If anything fails before the end, nothing remains.
///
/// # Errors
/// See [`UploadError`].
pub async fn upload<E>(
    db: &Db,
    storage: &Storage,
    clock: &Clock,
    upload: Upload<'_>,
    content: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Address, UploadError<E>> {
    let enterprise_id = upload.enterprise_id;
    let keep = move |conn: &mut Conn, address: &Address, bytes| file::keep(conn, enterprise_id, address.key(), bytes);
    upload_for(db, storage, clock, upload, content, keep).await
}

/// Like [`upload`], for something that refers to the file. `keep` gets the address and the size in bytes, and must keep the
/// file in the transaction that stores the reference.
///
/// # Errors
/// See [`UploadError`]; the errors of `keep` are those of the row.
pub async fn upload_for<E>(
    db: &Db,
    storage: &Storage,
    clock: &Clock,
    upload: Upload<'_>,
    content: impl Stream<Item = Result<Bytes, E>>,
    keep: impl FnOnce(&mut Conn, &Address, i64) -> domain::Result<()> + Send + 'static,
) -> Result<Address, UploadError<E>> {
    let Upload { enterprise_id, is_private, name } = upload;
    let now = clock.now();
    let key = db.write(move |conn| file::begin(conn, enterprise_id, Kind::Upload, is_private, now)).await?;
    let unfinished = Unfinished { db: db.clone(), clock: clock.clone(), enterprise_id, key: Some(key.clone()) };
    let address = Address::new(key, name);
    let bytes = storage.put(&address.in_storage(), content.map_err(UploadError::Content)).await?;
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    let kept = address.clone();
    db.write(move |conn| keep(conn, &kept, bytes)).await?;
    unfinished.done();
    Ok(address)
}

/// Discards its file when it is dropped: the client disconnected, or something failed.
struct Unfinished {
    db: Db,
    clock: Clock,
    enterprise_id: EnterpriseId,
    key: Option<Key>,
}

impl Unfinished {
    fn done(mut self) {
        self.key = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(key) = self.key.take() else { return };
        // Without a runtime the process is ending. The file is then deleted when its deadline passes, after a day.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (db, now, enterprise_id) = (self.db.clone(), self.clock.now(), self.enterprise_id);
        runtime.spawn(async move {
            if let Err(e) = db.write(move |conn| file::discard(conn, enterprise_id, &key, now)).await {
                log::warn!("an unfinished upload could not be discarded and is removed after a day: {e}");
            }
        });
    }
}
