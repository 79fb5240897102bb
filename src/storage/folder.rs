//! Folders of this machine: one that is put into the storage whole, and one of the storage that is removed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::io::AsyncReadExt;

use super::{Error, PART, Storage, place};

/// How many files of a folder are stored at once.
const AT_ONCE: usize = 4;

/// A file of a folder.
struct Entry {
    /// Where it is on this machine.
    file: PathBuf,
    /// Its path from the folder.
    name: String,
}

impl Storage {
    /// Stores every file of a folder under a prefix, with the same names, and returns how many bytes these were. Each is there
    /// whole or not at all. A folder with anything in it but folders and files, such as a link, is not stored.
    ///
    /// # Errors
    /// [`Error::Source`] when the folder can't be read, or what the storage failed with; some files may be there then.
    pub async fn put_folder(&self, prefix: &str, folder: &Path) -> Result<u64, Error> {
        let root = folder.to_owned();
        let entries = blocking(move || {
            let mut found = Vec::new();
            collect(&root, "", &mut found)?;
            Ok(found)
        })
        .await?;
        stream::iter(entries)
            .map(|entry| self.put_file(prefix, entry))
            .buffer_unordered(AT_ONCE)
            .try_fold(0, async |sum, size| Ok(sum + size))
            .await
    }

    async fn put_file(&self, prefix: &str, entry: Entry) -> Result<u64, Error> {
        let unreadable = |e: io::Error| Error::Source(entry.file.clone(), e.to_string());
        let mut file = tokio::fs::File::open(&entry.file).await.map_err(unreadable)?;
        let path = format!("{prefix}/{}", entry.name);
        let first = part(&mut file).await.map_err(unreadable)?;
        if first.len() < PART {
            let size = first.len() as u64;
            self.objects.put_opts(&place(&path)?, first.into(), object_store::PutOptions::default()).await?;
            return Ok(size);
        }
        let rest = stream::try_unfold(file, async |mut file| {
            let next = part(&mut file).await.map_err(unreadable)?;
            Ok((!next.is_empty()).then_some((next, file)))
        });
        let content = stream::once(async { Ok(first) }).chain(rest);
        self.put(&path, content.map_ok(bytes::Bytes::from)).await
    }
}

/// The next bytes of a file, as many as are stored at once.
async fn part(file: &mut tokio::fs::File) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART as u64).read_to_end(&mut part).await?;
    Ok(part)
}

fn collect(folder: &Path, name: &str, found: &mut Vec<Entry>) -> Result<(), Error> {
    let unreadable = |e: io::Error| Error::Source(folder.to_owned(), e.to_string());
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (file, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        let own = entry.file_name().into_string().map_err(|_| Error::Source(file.clone(), "no UTF-8 name".into()))?;
        let name = if name.is_empty() { own } else { format!("{name}/{own}") };
        if kind.is_dir() {
            collect(&file, &name, found)?;
        } else if kind.is_file() {
            found.push(Entry { file, name });
        } else {
            // A link could show a file of this machine to the world.
            return Err(Error::Source(file, "neither a file nor a folder".into()));
        }
    }
    Ok(())
}

/// Removes a folder of a storage that is a folder.
pub(super) async fn remove(root: PathBuf, prefix: String) -> Result<(), Error> {
    blocking(move || {
        let failed = |e: io::Error| Error::Failed(e.to_string());
        if prefix.is_empty() {
            return Err(Error::Missing);
        }
        match std::fs::remove_dir_all(root.join(prefix)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(failed)?,
        }
        // So that it does not come back after a loss of power.
        File::open(root).and_then(|root| root.sync_all()).map_err(failed)
    })
    .await
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(f).await.unwrap_or_else(|broken| Err(Error::Failed(broken.to_string())))
}
