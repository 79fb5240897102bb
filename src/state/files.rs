//! Addresses of files as clients get them, and storing uploads.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::Stream;

use super::app_state::AppState;
use crate::clock::Millis;
use crate::domain;
use crate::domain::content::file;
use crate::domain::content::file::{Address, Key, Kind};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::storage;

/// Why a file was not stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError<E> {
    /// The content ended with an error.
    #[error("{0}")]
    Content(E),
    /// The storage failed.
    #[error("{0}")]
    Storage(#[from] storage::Error),
    /// The row could not be written.
    #[error("{0}")]
    Row(#[from] domain::Error),
}

impl AppState {
    /// An address as a client gets it: a stored file gets the host of this service and, if it is private, a link that expires.
    /// Other addresses stay as they are.
    #[must_use]
    pub fn address(&self, enterprise: &Enterprise, stored: &str) -> String {
        match Address::stored(stored) {
            Some(address) => self.link(enterprise, &address),
            None => stored.to_owned(),
        }
    }

    /// The link to a file as a client gets it.
    #[must_use]
    pub fn link(&self, enterprise: &Enterprise, address: &Address) -> String {
        let good_for = Millis::from(self.config.storage.link_seconds).saturating_mul(1000);
        format!("{}{}", self.public_url, address.link(enterprise, self.now().saturating_add(good_for)))
    }

    /// The stored file that an address names.
    ///
    /// # Errors
    /// Those of [`file::of_url`].
    pub fn file_of(&self, enterprise: &Enterprise, url: &str) -> domain::Result<Option<Address>> {
        file::of_url(enterprise, &self.public_url, url, self.now())
    }
}

/// Stores a stream as an upload of an enterprise, under a name. An upload that breaks off leaves neither file nor row.
///
/// # Errors
/// See [`StoreError`].
pub async fn upload<E>(
    app: &Arc<AppState>,
    enterprise_id: i64,
    private: bool,
    name: &str,
    content: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Address, StoreError<E>> {
    use futures_util::TryStreamExt;
    let now = app.now();
    let begun = app.db.write(move |conn| file::begin(conn, enterprise_id, Kind::Upload, private, now)).await?;
    let unfinished = Unfinished { app: app.clone(), enterprise_id, key: Some(begun.clone()) };
    let address = Address::new(begun.clone(), name);
    let bytes = app.storage.put(&address.in_storage(), content.map_err(StoreError::Content)).await?;
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    app.db.write(move |conn| file::keep(conn, enterprise_id, &begun, bytes)).await?;
    unfinished.done();
    Ok(address)
}

/// Discards the file when it is dropped before the upload is complete: the client went away or something failed.
struct Unfinished {
    app: Arc<AppState>,
    enterprise_id: i64,
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
        let (app, enterprise_id) = (self.app.clone(), self.enterprise_id);
        // Without a runtime the process is ending; the file then expires after a day.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let now = app.now();
            if let Err(e) = app.db.write(move |conn| file::discard(conn, enterprise_id, &key, now)).await {
                log::warn!(
                    "an upload that broke off could not be discarded and stays until it expires, within a day: {e}"
                );
            }
        });
    }
}
