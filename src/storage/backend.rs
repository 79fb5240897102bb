//! The storage itself: stores, reads and removes files by their paths.

use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream, StreamExt, TryStreamExt};
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, PutOptions, WriteMultipart};

use super::error::Error;
use super::local;
use super::place::place;
use crate::clock::Millis;

/// The size of one part of an upload; S3 requires at least 5 MiB.
pub(super) const PART: usize = 8 * 1024 * 1024;
/// How many bytes must fit into the folder for it to accept writes.
const ROOM: usize = 256 << 10;
/// How many parts of one file are being sent, and so in memory.
const PARTS_AT_ONCE: usize = 2;

/// The place that files are stored in. Clones share it.
#[derive(Clone, Debug)]
pub struct Storage {
    pub(super) objects: Arc<dyn ObjectStore>,
    /// Its folder, unless it is a bucket.
    pub(super) folder: Option<PathBuf>,
}

/// What is known of a stored file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its size in bytes.
    pub size: u64,
    /// Changes with the content; without quotes.
    pub etag: String,
    /// When it was stored.
    pub last_modified: Millis,
}

impl Storage {
    /// Stores the bytes of a stream and returns how many they are. The file is stored whole or not at all, and durable when this
    /// returns. After a failure, the parts that were sent are removed.
    ///
    /// # Errors
    /// The stream's own, and the storage's.
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

    /// Whether its folder accepts writes; of a bucket this is not known.
    ///
    /// # Errors
    /// What the disk said.
    pub async fn check_writes(&self) -> std::io::Result<()> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        // A file without a name, of the size of a page's thumbnail.
        let write = move || tempfile::tempfile_in(folder)?.write_all(&vec![0; ROOM]);
        tokio::task::spawn_blocking(write).await.unwrap_or_else(|e| Err(std::io::Error::other(e)))
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
    /// [`Error::Missing`] when it is not there; later failures come with the stream.
    pub async fn read(&self, path: &str, range: Range<u64>) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        // Storages refuse an empty range.
        let range = (!range.is_empty()).then_some(range);
        let Some(range) = range else { return Ok(futures_util::stream::empty().boxed()) };
        let options = GetOptions::new().with_range(Some(range));
        let found = self.objects.get_opts(&place(path)?, options).await.map_err(|e| self.of_reading(e))?;
        Ok(found.into_stream().map_err(Error::from).boxed())
    }

    /// Removes everything below a prefix, durably. There may be nothing.
    ///
    /// # Errors
    /// The storage's own; some files may be removed then.
    pub async fn remove_all(&self, prefix: &str) -> Result<(), Error> {
        let prefix = place(prefix)?;
        if let Some(root) = &self.folder {
            // Removes also what was being written when a process died, which a list of the storage leaves out.
            return local::remove(root.clone(), prefix.as_ref().to_owned()).await;
        }
        let found = self.objects.list(Some(&prefix)).map_ok(|object| object.location).boxed();
        self.objects.delete_stream(found).try_for_each(async |_| Ok(())).await?;
        Ok(())
    }

    /// Stores bytes that are in memory and fewer than one part.
    pub(super) async fn put_small(&self, path: &str, content: Vec<u8>) -> Result<u64, Error> {
        let size = content.len() as u64;
        self.objects.put_opts(&place(path)?, content.into(), PutOptions::default()).await?;
        Ok(size)
    }

    async fn write(&self, path: &str) -> Result<Writing, Error> {
        let upload = self.objects.put_multipart(&place(path)?).await?;
        Ok(Writing(Some(WriteMultipart::new_with_chunk_size(upload, PART))))
    }

    /// A path that treats a file as a folder leads to no file.
    fn of_reading(&self, error: object_store::Error) -> Error {
        let through_a_file = |cause: &(dyn std::error::Error + 'static)| {
            cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::NotADirectory)
        };
        let causes = std::iter::successors(Some(&error as &(dyn std::error::Error + 'static)), |e| e.source());
        if self.folder.is_some() && causes.into_iter().any(through_a_file) { Error::Missing } else { error.into() }
    }
}

/// A file that is being written. Dropped before it is finished, what was sent of it is removed.
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
                    log::warn!("an unfinished upload was not removed: {problem}");
                }
            });
        }
    }
}
