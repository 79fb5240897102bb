//! The folder that conversions work in. Each process has its own; the next one to start removes those of dead processes.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tempfile::TempDir;

/// The names of these folders begin with this.
const PREFIX: &str = "lectern-conversions-";
/// Locked while the process lives. The system releases the lock however the process ends.
const LOCK: &str = "lock";

/// The folder of this process, removed with it.
pub struct WorkFolder {
    folder: TempDir,
    _lock: File,
}

impl WorkFolder {
    /// Makes one in the temporary folder of the system, and removes those of dead processes.
    ///
    /// # Errors
    /// When nothing can be made there.
    pub fn make() -> io::Result<Self> {
        Self::make_in(&std::env::temp_dir())
    }

    fn make_in(place: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
        // The lock file gets its name only when it is locked, so that no process takes this folder for a dead one's.
        let unnamed = folder.path().join("locking");
        let lock = File::create(&unnamed)?;
        lock.try_lock()?;
        fs::rename(unnamed, folder.path().join(LOCK))?;
        let own = fs::metadata(folder.path())?.uid();
        for entry in fs::read_dir(place)?.flatten() {
            let is_one = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
            if is_one && entry.path() != folder.path() {
                remove_if_dead(&entry.path(), own);
            }
        }
        Ok(Self { folder, _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A folder for one conversion, removed when dropped.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn for_one(&self) -> io::Result<TempDir> {
        tempfile::tempdir_in(self.folder.path())
    }
}

/// Removes the folder of a dead process of the same user. Another user could make a folder with such a name.
fn remove_if_dead(folder: &Path, own: u32) {
    let is_own = fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir() && found.uid() == own);
    if !is_own {
        return;
    }
    let Ok(lock) = File::open(folder.join(LOCK)) else { return };
    if lock.try_lock().is_ok() {
        match fs::remove_dir_all(folder) {
            Ok(()) => log::info!("removed the work folder of a dead process: {}", folder.display()),
            Err(e) => log::warn!("the work folder of a dead process, {}, was not removed: {e}", folder.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_dead_process_is_removed_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let dead = place.path().join(format!("{PREFIX}dead"));
        let foreign = place.path().join("lectern.db");
        fs::create_dir_all(dead.join("tmp/out")).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        fs::write(dead.join("tmp/out/index.html"), "page").unwrap();
        fs::write(&foreign, "rows").unwrap();
        let alive = WorkFolder::make_in(place.path()).unwrap();
        let work = alive.for_one().unwrap();
        assert!(!dead.exists() && foreign.exists());
        let beside = WorkFolder::make_in(place.path()).unwrap();
        assert!(work.path().exists(), "a living process keeps its folder");
        let left = work.path().to_owned();
        drop(work);
        assert!(!left.exists());
        drop((alive, beside));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "the file that is somebody else's");
    }
}
