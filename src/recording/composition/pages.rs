//! The images of the pages of documents.

use std::sync::Arc;

use futures_util::TryStreamExt;
use image::RgbaImage;

use super::script::Script;
use crate::domain::content::file::Address;
use crate::storage::Storage;

/// An image with more bytes is none that a converter made.
const LARGEST: u64 = 64 << 20;

/// Loads the images of pages. The last one is kept.
pub(super) struct Pages {
    storage: Storage,
    last: Option<(String, Option<Arc<RgbaImage>>)>,
}

impl Pages {
    pub fn new(storage: Storage) -> Self {
        Self { storage, last: None }
    }

    /// The image of a page; `None` for a whiteboard page, and for a document that is gone.
    pub async fn image(&mut self, script: &Script, page: &str) -> Option<Arc<RgbaImage>> {
        if let Some((_, image)) = self.last.as_ref().filter(|(last, _)| last == page) {
            return image.clone();
        }
        let image = self.load(script, page).await.map(Arc::new);
        self.last = Some((page.to_owned(), image.clone()));
        image
    }

    async fn load(&self, script: &Script, page: &str) -> Option<RgbaImage> {
        let (doc_id, number) = page.rsplit_once('/')?;
        let position = number.parse::<usize>().ok()?.checked_sub(1)?;
        let document = script.documents.get(doc_id)?;
        let name = document.page_files.as_ref()?.images.get(position)?;
        let address = Address::new(Address::stored(&document.result)?.key().clone(), name.clone());
        let bytes = self.read(&address.in_storage()).await?;
        let decoded = tokio::task::spawn_blocking(move || image::load_from_memory(&bytes).ok());
        Some(decoded.await.ok()??.into_rgba8())
    }

    async fn read(&self, path: &str) -> Option<Vec<u8>> {
        let size = self.storage.stat(path).await.ok()?.size;
        let content = self.storage.read(path, 0..size.min(LARGEST)).await.ok()?;
        content
            .try_fold(Vec::new(), async |mut all, some| {
                all.extend(some);
                Ok(all)
            })
            .await
            .ok()
    }
}
