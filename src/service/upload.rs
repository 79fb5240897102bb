//! Takes an upload: inserts its row as unfinished, stores its bytes, and then has the row marked as kept.

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
    /// What it is.
    pub kind: Kind,
    /// Its name in the address.
    pub name: &'a str,
}

/// A file that was written and is not kept yet. Dropped, it is discarded.
pub struct Written {
    /// Its address.
    pub address: Address,
    /// Its size.
    pub bytes: i64,
    unfinished: Unfinished,
}

impl Written {
    /// Keeps the file in the transaction of `keep`, which stores a reference to it, or discards it.
    ///
    /// # Errors
    /// Those of `keep`, which discard the file.
    pub async fn keep<T: Send + 'static>(
        self,
        keep: impl FnOnce(&mut Conn) -> domain::Result<T> + Send + 'static,
    ) -> domain::Result<T> {
        let kept = self.unfinished.db.write(keep).await?;
        self.unfinished.done();
        Ok(kept)
    }
}

/// Stores the content of a stream. `keep` gets the address and the size in bytes, and must keep the file in the transaction
/// that stores a reference to it. If anything fails before the end, nothing remains.
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
    let written = write(db, storage, clock, upload, content).await?;
    let (address, bytes) = (written.address.clone(), written.bytes);
    let kept = address.clone();
    written.keep(move |conn| keep(conn, &kept, bytes)).await?;
    Ok(address)
}

/// Stores the content of a stream, to be kept by [`Written::keep`].
///
/// # Errors
/// See [`UploadError`].
pub async fn write<E>(
    db: &Db,
    storage: &Storage,
    clock: &Clock,
    upload: Upload<'_>,
    content: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Written, UploadError<E>> {
    let Upload { enterprise_id, is_private, kind, name } = upload;
    let now = clock.now();
    let key = db.write(move |conn| file::begin(conn, enterprise_id, kind, is_private, now)).await?;
    let unfinished = Unfinished { db: db.clone(), clock: clock.clone(), enterprise_id, key: Some(key.clone()) };
    let address = Address::new(key, name);
    let bytes = storage.put(&address.in_storage(), content.map_err(UploadError::Content)).await?;
    Ok(Written { address, bytes: i64::try_from(bytes).unwrap_or(i64::MAX), unfinished })
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
