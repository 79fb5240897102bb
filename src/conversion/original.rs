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
use crate::domain::content::conversion::Conversion;
use crate::domain::content::file::Address;
use crate::http::download;
use crate::http::outgoing::{ANSWER_BYTES, Limits, Outgoing};
use crate::integrations::converter::Failure;
use crate::storage;
use crate::storage::Storage;

/// Error codes of the document service: the address can't be opened.
const NOT_OPENED: i64 = -24;
/// The download broke off, or is not what was announced.
const NOT_WHOLE: i64 = -26;
/// The download took too long.
const TOO_SLOW: i64 = -27;

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
    pub(super) async fn fetch(&self, of: &Conversion, to: &Path) -> Result<(), Failure> {
        let fetched = tokio::time::timeout(self.settings.timeout, self.fetch_all(of, to)).await;
        fetched.unwrap_or_else(|_| {
            let seconds = self.settings.timeout.as_secs_f64();
            Err(lasting(
                TOO_SLOW,
                format!("the document did not come within {seconds} s; give an address on a faster server"),
            ))
        })
    }

    async fn fetch_all(&self, of: &Conversion, to: &Path) -> Result<(), Failure> {
        let mut arriving = Arriving::begin(to, of, self.settings.limit).await?;
        if let Some(address) = Address::stored(&of.url) {
            let mut coming = self.stored(&address.in_storage()).await.map_err(|e| unreadable(&e))?;
            while let Some(chunk) = coming.next().await {
                arriving.write(&chunk.map_err(|e| unreadable(&e))?).await?;
            }
            return arriving.end(of).await;
        }
        let url = Url::parse(&of.url)
            .map_err(|e| lasting(NOT_OPENED, format!("the address of the document is not right: {e}")))?;
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
    async fn begin(to: &Path, of: &Conversion, limit: u64) -> Result<Self, Failure> {
        let arriving =
            Self { file: File::create(to).await.map_err(|e| no_room(&e))?, size: 0, md5: md5::Context::new(), limit };
        arriving.check_limit(of.size.unsigned_abs())?;
        Ok(arriving)
    }

    fn check_limit(&self, size: u64) -> Result<(), Failure> {
        let limit = self.limit;
        if size <= limit {
            return Ok(());
        }
        Err(lasting(
            NOT_WHOLE,
            format!("the document is larger than {limit} bytes; divide it, or make its pictures smaller"),
        ))
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.size += chunk.len() as u64;
        self.check_limit(self.size)?;
        self.md5.consume(chunk);
        self.file.write_all(chunk).await.map_err(|e| no_room(&e))
    }

    /// Checks the content against the size and MD5 that were given.
    async fn end(mut self, of: &Conversion) -> Result<(), Failure> {
        self.file.flush().await.map_err(|e| no_room(&e))?;
        let size = self.size;
        if of.size > 0 && of.size.unsigned_abs() != size {
            let said = of.size;
            return Err(lasting(
                NOT_WHOLE,
                format!("the document has {size} bytes and not {said}, as doc_size says; see what its address gives"),
            ));
        }
        let md5 = format!("{:x}", self.md5.finalize());
        if !of.md5.is_empty() && !of.md5.eq_ignore_ascii_case(&md5) {
            return Err(lasting(
                NOT_WHOLE,
                format!("the content of the document has the MD5 {md5}, and not the doc_md5 that was given"),
            ));
        }
        Ok(())
    }
}

fn in_words(failure: &download::Failure) -> Failure {
    match failure {
        download::Failure::Status(status) => Failure {
            code: NOT_OPENED,
            message: format!("the address of the document answers HTTP {status}; see whether anybody can download it"),
            may_pass: *status == 429 || *status >= 500,
        },
        download::Failure::Refused(why) => {
            lasting(NOT_OPENED, format!("the document is not fetched: {why}; give an address of the public internet"))
        }
        download::Failure::Redirected(why) => {
            lasting(NOT_OPENED, format!("the document can't be fetched: {why}; give the address that it leads to"))
        }
        download::Failure::Broken(why) => Failure {
            code: NOT_WHOLE,
            message: format!("the document can't be fetched: {why}; see whether its address can be reached"),
            may_pass: true,
        },
    }
}

fn unreadable(error: &storage::Error) -> Failure {
    log::error!("an upload can't be read for its conversion: {error}");
    Failure { code: NOT_OPENED, message: "the upload could not be read; send it again".into(), may_pass: true }
}

/// The cause is for the operator; whoever added the document can't change it.
fn no_room(error: &std::io::Error) -> Failure {
    log::error!("a document can't be written to the work folder: {error}");
    Failure { code: NOT_WHOLE, message: "the document could not be kept; try again later".into(), may_pass: true }
}

fn lasting(code: i64, message: String) -> Failure {
    Failure { code, message, may_pass: false }
}
