//! What a storage does with folders of this machine: lists one that is to be stored, and removes one of its own.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::error::Error;

/// A file of a folder.
pub(super) struct Entry {
    /// Where it is on this machine.
    pub file: PathBuf,
    /// Its path from the folder.
    pub name: String,
}

/// All files of a folder. Anything in it but folders and files, such as a link, is an error.
pub(super) async fn entries(folder: PathBuf) -> Result<Vec<Entry>, Error> {
    blocking(move || {
        let mut found = Vec::new();
        collect(&folder, "", &mut found)?;
        Ok(found)
    })
    .await
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
        // So that it does not come back after a power failure.
        File::open(root).and_then(|root| root.sync_all()).map_err(failed)
    })
    .await
}

pub(super) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(f).await.unwrap_or_else(|panicked| Err(Error::Failed(panicked.to_string())))
}
