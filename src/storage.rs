//! Where the bytes of files are: a folder of this machine, or an S3 bucket that several instances share. What is there, and
//! whose it is, the rows of `store::file` say.

mod folder;
mod opening;
mod removing;

use std::ops::Range;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream, StreamExt, TryStreamExt};
use object_store::path::Path as Place;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, WriteMultipart};

use crate::clock::Millis;

pub use removing::remove_discarded;

/// How much of a file is sent at once; S3 wants 5 MiB at least.
const PART: usize = 8 * 1024 * 1024;
/// How many parts of one file are on their way, and so in memory.
const PARTS_AT_ONCE: usize = 2;
/// The longest name of a folder or file on the usual file systems, in bytes.
const LONGEST_NAME: usize = 255;

/// Where files are kept. Clones share it.
#[derive(Clone, Debug)]
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
}

/// Why nothing was stored or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address names no storage that can be used.
    #[error("the storage URL {0}")]
    Address(String),
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// What was to be stored can't be read.
    #[error("{0:?} can't be stored: {1}")]
    Source(PathBuf, String),
    /// The storage did not do it.
    #[error("the storage failed: {0}")]
    Failed(String),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } | object_store::Error::InvalidPath { .. } => Self::Missing,
            other => Self::Failed(other.to_string()),
        }
    }
}

/// What is known of a stored file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// In bytes.
    pub size: u64,
    /// Another one when the content is another, without quotes.
    pub etag: String,
    /// When it was stored.
    pub last_modified: Millis,
}

impl Storage {
    /// Stores what a stream brings and returns how many bytes that were. The file is there whole or not at all; when it is
    /// told to be there, it is durable. What broke off is cleared away.
    ///
    /// # Errors
    /// The stream's own, and what the storage failed with.
    pub async fn put<E: From<Error>>(
        &self,
        path: &str,
        content: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<u64, E> {
        let mut writing = self.write(path).await?;
        let mut content = pin!(content);
        let mut size = 0;
        while let Some(chunk) = content.next().await {
            let chunk = chunk?;
            size += chunk.len() as u64;
            writing.put(chunk).await?;
        }
        writing.finish().await?;
        Ok(size)
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is not there.
    pub async fn stat(&self, path: &str) -> Result<Stored, Error> {
        let meta = self.objects.head(&place(path)?).await.map_err(|e| self.of_reading(e))?;
        Ok(Stored {
            size: meta.size,
            etag: meta.e_tag.map_or_else(|| meta.size.to_string(), |tag| tag.replace('"', "")),
            last_modified: meta.last_modified.timestamp_millis(),
        })
    }

    /// Some of the bytes of a file.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is not there; the stream has those of later.
    pub async fn read(&self, path: &str, range: Range<u64>) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        // No storage has a range without a byte.
        let range = (!range.is_empty()).then_some(range);
        let Some(range) = range else { return Ok(futures_util::stream::empty().boxed()) };
        let options = GetOptions::new().with_range(Some(range));
        let found = self.objects.get_opts(&place(path)?, options).await.map_err(|e| self.of_reading(e))?;
        Ok(found.into_stream().map_err(Error::from).boxed())
    }

    /// Removes everything below a prefix, which may be nothing. When it is told to be gone, it stays so.
    ///
    /// # Errors
    /// What the storage failed with; some of it may be gone then.
    pub async fn remove_all(&self, prefix: &str) -> Result<(), Error> {
        let prefix = place(prefix)?;
        if let Some(root) = &self.folder {
            // With what was being written when a process died, which a list of the storage leaves out.
            return folder::remove(root.clone(), prefix.as_ref().to_owned()).await;
        }
        let there = self.objects.list(Some(&prefix)).map_ok(|object| object.location).boxed();
        self.objects.delete_stream(there).try_for_each(async |_| Ok(())).await?;
        Ok(())
    }

    async fn write(&self, path: &str) -> Result<Writing, Error> {
        let upload = self.objects.put_multipart(&place(path)?).await?;
        Ok(Writing(Some(WriteMultipart::new_with_chunk_size(upload, PART))))
    }

    /// A path that leads through a file, as if it were a folder, has nothing at its end.
    fn of_reading(&self, error: object_store::Error) -> Error {
        let through_a_file = |cause: &(dyn std::error::Error + 'static)| {
            cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::NotADirectory)
        };
        let causes = std::iter::successors(Some(&error as &(dyn std::error::Error + 'static)), |e| e.source());
        if self.folder.is_some() && causes.into_iter().any(through_a_file) { Error::Missing } else { error.into() }
    }
}

/// A file that is being written. Dropped before it is finished, it is cleared away.
struct Writing(Option<WriteMultipart>);

impl Writing {
    async fn put(&mut self, chunk: Bytes) -> Result<(), Error> {
        if let Some(upload) = &mut self.0 {
            upload.wait_for_capacity(PARTS_AT_ONCE).await?;
            upload.put(chunk);
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<(), Error> {
        if let Some(upload) = self.0.take() {
            upload.finish().await?;
        }
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(upload) = self.0.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                if let Err(problem) = upload.abort().await {
                    log::warn!("a file that broke off was not cleared away: {problem}");
                }
            });
        }
    }
}

/// Where a path leads. None leads out of the storage, nor to what is half written: the latter ends in `#` and a number.
fn place(path: &str) -> Result<Place, Error> {
    let is_half = |name: &str| {
        name.rsplit_once('#').is_some_and(|(_, tail)| !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit()))
    };
    let can_be = |name: &str| !name.is_empty() && name.len() <= LONGEST_NAME && !is_half(name);
    if !path.split('/').all(can_be) {
        return Err(Error::Missing);
    }
    Place::parse(path).map_err(|_| Error::Missing)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn no_path_leads_out() {
        for path in ["../x", "a/../../x", "a/..", "a/./b", "a//b", "a/\0", "a/\n", "..", ".", "", "/a", "a/", "a/b#1"] {
            assert!(place(path).is_err(), "{path:?}");
        }
        assert!(place(&"a".repeat(256)).is_err());
        assert_eq!(place("a/第一课 1.pptx").unwrap().as_ref(), "a/第一课 1.pptx");
    }
}
