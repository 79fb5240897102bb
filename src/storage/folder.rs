//! Stores a folder of this machine whole.

use std::io;
use std::path::Path;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::io::AsyncReadExt;

use super::backend::{PART, Storage};
use super::error::Error;
use super::local;

/// How many files of a folder are stored at once.
const AT_ONCE: usize = 4;

impl Storage {
    /// Stores every file of a folder under a prefix, with the same names, and returns how many bytes they have. Each file is
    /// stored whole or not at all. A folder with anything in it but folders and files, such as a link, is not stored.
    ///
    /// # Errors
    /// [`Error::Source`] when the folder can't be read, or the storage's own; some files may be stored then.
    pub async fn put_folder(&self, prefix: &str, folder: &Path) -> Result<u64, Error> {
        stream::iter(local::entries(folder.to_owned()).await?)
            .map(async |entry| self.put_file(&format!("{prefix}/{}", entry.name), &entry.file).await)
            .buffer_unordered(AT_ONCE)
            .try_fold(0, async |sum, size| Ok(sum + size))
            .await
    }

    /// Stores a file of this machine whole or not at all, and returns how many bytes it has.
    pub(super) async fn put_file(&self, path: &str, source: &Path) -> Result<u64, Error> {
        let unreadable = |e: io::Error| Error::Source(source.to_owned(), e.to_string());
        let mut file = tokio::fs::File::open(source).await.map_err(unreadable)?;
        let first = part(&mut file).await.map_err(unreadable)?;
        if first.len() < PART {
            return self.put_small(path, first).await;
        }
        let rest = stream::try_unfold(file, async |mut file| {
            let next = part(&mut file).await.map_err(unreadable)?;
            Ok((!next.is_empty()).then_some((next, file)))
        });
        let content = stream::once(async { Ok(first) }).chain(rest);
        self.put(path, content.map_ok(bytes::Bytes::from)).await
    }
}

/// The next bytes of a file, as many as one part of an upload has.
async fn part(file: &mut tokio::fs::File) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART as u64).read_to_end(&mut part).await?;
    Ok(part)
}
