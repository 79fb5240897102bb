//! The folder in which this process writes what it records, and those that dead processes left. Each process has its own,
//! below one that several instances may share.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::part::PartName;
use crate::domain::tenancy::secret;

/// The names of these folders begin with this.
const PREFIX: &str = "process-";
/// Locked while the process lives. The system releases the lock however the process ends.
const LOCK: &str = "lock";

/// A folder with what one process recorded.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    _lock: File,
}

/// A file of a spool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spooled {
    pub path: PathBuf,
    pub name: PartName,
}

impl Spool {
    /// Makes the folder of this process below `place`.
    pub fn make(place: &Path) -> io::Result<Self> {
        let folder = place.join(format!("{PREFIX}{}", secret::token()));
        fs::create_dir_all(&folder)?;
        // The lock file gets its name only when it is locked, so that no process takes this folder for a dead one's.
        let unnamed = folder.join("locking");
        let lock = File::create(&unnamed)?;
        lock.try_lock()?;
        fs::rename(unnamed, folder.join(LOCK))?;
        Ok(Self { folder, _lock: lock })
    }

    /// Takes over the folders that dead processes left below `place`. What is in them was written to its end.
    pub fn take_over(place: &Path) -> Vec<Self> {
        let is_one = |entry: &fs::DirEntry| entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let folders = fs::read_dir(place).into_iter().flatten().flatten().filter(is_one);
        folders.filter_map(|entry| Self::take_over_one(entry.path()).ok()).collect()
    }

    fn take_over_one(folder: PathBuf) -> io::Result<Self> {
        let lock = File::open(folder.join(LOCK))?;
        lock.try_lock()?;
        let spool = Self { folder, _lock: lock };
        for Spooled { path, name } in spool.files()? {
            if !name.is_whole {
                fs::rename(&path, spool.path_of(&name.whole()))?;
            }
        }
        log::info!("taking over what a dead process recorded, in {}", spool.folder.display());
        Ok(spool)
    }

    /// Where a part is.
    pub fn path_of(&self, name: &PartName) -> PathBuf {
        self.folder.join(name.to_string())
    }

    /// Its files, in the order in which they were written.
    pub fn files(&self) -> io::Result<Vec<Spooled>> {
        let mut files: Vec<Spooled> = fs::read_dir(&self.folder)?
            .flatten()
            .filter_map(|entry| {
                let name = PartName::parse(entry.file_name().to_str()?)?;
                Some(Spooled { path: entry.path(), name })
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(files)
    }

    /// Removes the folder of a dead process, when nothing is left in it.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_file(self.folder.join(LOCK))?;
        fs::remove_dir(&self.folder)
    }

    /// Removes the folder of this process if nothing is left in it. What is left is taken over by the next process.
    pub fn remove_if_empty(&self) {
        if self.files().is_ok_and(|files| files.is_empty()) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::EnterpriseId;

    #[test]
    fn what_a_dead_process_left_is_taken_over_once_and_what_a_living_one_has_is_not() {
        let place = tempfile::tempdir().unwrap();
        let alive = Spool::make(place.path()).unwrap();
        let dead = Spool::make(place.path()).unwrap();
        let name = PartName::first(EnterpriseId(1), 2, "a1");
        fs::write(dead.path_of(&name), "packets").unwrap();
        assert!(Spool::take_over(place.path()).is_empty());
        drop(dead);
        let taken = Spool::take_over(place.path());
        assert_eq!(taken.len(), 1);
        assert!(Spool::take_over(place.path()).is_empty(), "somebody has it");
        let files = taken[0].files().unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].name, name.whole(), "it breaks off, and nothing more comes");
        fs::remove_file(&files[0].path).unwrap();
        for spool in taken {
            spool.remove().unwrap();
        }
        alive.remove_if_empty();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
