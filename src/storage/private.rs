//! Files at the top of a storage that only its owner may read: backups.

use std::fs::File;
use std::io;
use std::path::Path;

use object_store::ObjectStoreExt;
use tempfile::NamedTempFile;

use super::backend::Storage;
use super::error::Error;
use super::local::blocking;
use super::place::place;

/// What the name of a temporary file begins with. One that a process left when it was killed may be deleted.
const TEMPORARY: &str = ".lectern-backup-";

impl Storage {
    /// Creates a temporary file for [`Storage::keep`]: in the folder of the storage, or in `otherwise` if the storage is a bucket.
    /// It is removed on drop.
    ///
    /// # Errors
    /// What the disk says.
    pub fn temporary_file(&self, otherwise: &Path) -> io::Result<NamedTempFile> {
        tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(self.folder.as_deref().unwrap_or(otherwise))
    }

    /// Stores a temporary file under a name, durably. In a folder, only its owner can read it.
    ///
    /// # Errors
    /// The storage's own; nothing has the name then.
    pub async fn keep(&self, name: &str, file: NamedTempFile) -> Result<(), Error> {
        let place = place(name)?;
        let Some(folder) = self.folder.clone() else {
            return self.put_file(name, file.path()).await.map(drop);
        };
        blocking(move || {
            let failed = |e: io::Error| Error::Failed(e.to_string());
            file.persist(folder.join(place.as_ref())).map_err(|e| failed(e.error))?;
            // Makes the name durable.
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
        })
        .await
    }

    /// The names of the files at the top of the storage.
    ///
    /// # Errors
    /// The storage's own.
    pub async fn names(&self) -> Result<Vec<String>, Error> {
        let found = self.objects.list_with_delimiter(None).await?;
        Ok(found.objects.iter().filter_map(|object| object.location.filename().map(str::to_owned)).collect())
    }

    /// Removes a file at the top of the storage.
    ///
    /// # Errors
    /// The storage's own.
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        Ok(self.objects.delete(&place(name)?).await?)
    }
}
