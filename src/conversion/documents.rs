//! Converts documents: fetches the original, has it converted, and stores the pages.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt};

use super::original::Originals;
use super::settings::Settings;
use super::work::{Work, not_stored, store};
use super::work_folder::WorkFolder;
use crate::clock::Millis;
use crate::domain::content::conversion::{Conversion, ConversionFailure, Outcome, Queue};
use crate::domain::content::file::Kind;
use crate::integrations::converter::{Converted, Converter, Progress, Source};
use crate::jobs::Context;
use crate::storage::Storage;

/// After how long a document counts as stalled.
const STALLED_AFTER: Millis = 30_000;

/// The work of documents.
pub struct Documents {
    storage: Storage,
    converter: Arc<dyn Converter>,
    originals: Originals,
    folder: Arc<WorkFolder>,
}

impl Documents {
    /// Converts like this.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn new(
        settings: Settings,
        folder: Arc<WorkFolder>,
        storage: Storage,
        converter: Arc<dyn Converter>,
    ) -> std::io::Result<Self> {
        let originals = Originals::new(settings, storage.clone()).map_err(std::io::Error::other)?;
        Ok(Self { storage, converter, originals, folder })
    }

    async fn convert(
        &self,
        context: &Context,
        held: &Conversion,
        progress: Progress<'_>,
    ) -> Result<Outcome, ConversionFailure> {
        if let Some(missing) = self.converter.missing() {
            return Err(ConversionFailure::NoConverter { missing });
        }
        let folder = self.folder.for_one().map_err(|e| not_stored(&e))?;
        let (path, out) = (folder.path().join("original"), folder.path().join("out"));
        std::fs::create_dir(&out).map_err(|e| not_stored(&e))?;
        self.originals.fetch(held, &path).await?;
        let source = Source {
            path,
            name: held.name.clone(),
            extension: held.extension.to_lowercase(),
            is_static: held.is_static,
        };
        let converted = self.converter.convert(&source, &out, progress).await?;
        let (key, bytes) = store(context, &self.storage, held, Kind::Conversion, &out).await?;
        let Converted { pages, width, height, title, files } = converted;
        Ok(Outcome::Converted { key, bytes, pages, width, height, title, files })
    }
}

impl Work for Documents {
    fn queue(&self) -> Queue {
        Queue::Documents
    }

    fn name(&self) -> &'static str {
        "conversions"
    }

    fn stalled_after(&self) -> Millis {
        STALLED_AFTER
    }

    fn run<'a>(
        &'a self,
        context: &'a Context,
        held: &'a Conversion,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Outcome, ConversionFailure>> {
        self.convert(context, held, progress).boxed()
    }
}
