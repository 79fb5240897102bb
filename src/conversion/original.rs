//! Copies the original of a document to this machine: from its URL, or from the storage when it was uploaded here. Checks it
//! against the size and MD5 that were given.

use std::path::Path;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use url::Url;

use super::settings::Settings;
use crate::domain::content::conversion::{Conversion, ConversionFailure};
use crate::domain::content::file::Address;
use crate::http::download;
use crate::http::outgoing::{ANSWER_BYTES, Limits, Outgoing};
use crate::storage;
use crate::storage::Storage;

/// Fetches originals.
pub(super) struct Originals {
    settings: Settings,
    storage: Storage,
    outgoing: Outgoing,
}

impl Originals {
    pub(super) fn new(settings: Settings, storage: Storage) -> reqwest::Result<Self> {
        let Settings { timeout, workers, allow_private, .. } = settings;
        let outgoing =
            Outgoing::new(Limits { timeout, connections: workers, allow_private, answer_bytes: ANSWER_BYTES })?;
        Ok(Self { settings, storage, outgoing })
    }

    /// Writes the original into a file.
    pub(super) async fn fetch(&self, of: &Conversion, to: &Path) -> Result<(), ConversionFailure> {
        let fetched = tokio::time::timeout(self.settings.timeout, self.fetch_all(of, to)).await;
        fetched.unwrap_or(Err(ConversionFailure::NotInTime { limit: self.settings.timeout }))
    }

    async fn fetch_all(&self, of: &Conversion, to: &Path) -> Result<(), ConversionFailure> {
        let mut arriving = Arriving::begin(to, of, self.settings.limit).await?;
        if let Some(address) = Address::stored(&of.url) {
            let mut coming = self.stored(&address.in_storage()).await.map_err(|e| unreadable(&e))?;
            while let Some(chunk) = coming.next().await {
                arriving.write(&chunk.map_err(|e| unreadable(&e))?).await?;
            }
            return arriving.end(of).await;
        }
        let url = Url::parse(&of.url).map_err(|e| ConversionFailure::BadAddress { cause: e.to_string() })?;
        let mut coming = self.outgoing.download(url).await.map_err(|e| in_words(&e))?;
        if let Some(size) = coming.announced() {
            arriving.check_limit(size)?;
        }
        while let Some(chunk) = coming.chunk().await.map_err(|e| in_words(&e))? {
            arriving.write(&chunk).await?;
        }
        arriving.end(of).await
    }

    /// The bytes of an upload.
    async fn stored(&self, path: &str) -> Result<BoxStream<'static, Result<Bytes, storage::Error>>, storage::Error> {
        let size = self.storage.stat(path).await?.size;
        self.storage.read(path, 0..size).await
    }
}

/// A file that is being written.
struct Arriving {
    file: File,
    size: u64,
    md5: md5::Context,
    limit: u64,
}

impl Arriving {
    async fn begin(to: &Path, of: &Conversion, limit: u64) -> Result<Self, ConversionFailure> {
        let arriving =
            Self { file: File::create(to).await.map_err(|e| no_room(&e))?, size: 0, md5: md5::Context::new(), limit };
        arriving.check_limit(of.size.unsigned_abs())?;
        Ok(arriving)
    }

    fn check_limit(&self, size: u64) -> Result<(), ConversionFailure> {
        let limit = self.limit;
        if size <= limit { Ok(()) } else { Err(ConversionFailure::OriginalTooLarge { limit }) }
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), ConversionFailure> {
        self.size += chunk.len() as u64;
        self.check_limit(self.size)?;
        self.md5.consume(chunk);
        self.file.write_all(chunk).await.map_err(|e| no_room(&e))
    }

    /// Checks the content against the size and MD5 that were given.
    async fn end(mut self, of: &Conversion) -> Result<(), ConversionFailure> {
        self.file.flush().await.map_err(|e| no_room(&e))?;
        let size = self.size;
        if of.size > 0 && of.size.unsigned_abs() != size {
            return Err(ConversionFailure::OtherSize { found: size, announced: of.size });
        }
        let md5 = format!("{:x}", self.md5.finalize());
        if !of.md5.is_empty() && !of.md5.eq_ignore_ascii_case(&md5) {
            return Err(ConversionFailure::OtherDigest { found: md5 });
        }
        Ok(())
    }
}

fn in_words(failure: &download::Failure) -> ConversionFailure {
    match failure {
        download::Failure::Status(status) => ConversionFailure::HttpStatus { status: *status },
        download::Failure::Refused(why) => ConversionFailure::AddressRefused { cause: why.clone() },
        download::Failure::Redirected(why) => ConversionFailure::Redirected { cause: why.clone() },
        download::Failure::Broken(why) => ConversionFailure::Interrupted { cause: why.clone() },
    }
}

fn unreadable(error: &storage::Error) -> ConversionFailure {
    log::error!("an upload can't be read for its conversion: {error}");
    ConversionFailure::UploadUnreadable
}

/// The cause is for the operator; whoever added the document can't change it.
fn no_room(error: &std::io::Error) -> ConversionFailure {
    log::error!("a document can't be written to the work folder: {error}");
    ConversionFailure::NotKept
}
