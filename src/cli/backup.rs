//! `lectern backup`: writes a SQLite database into one file, completely or not at all.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use lectern::config::DatabaseConfig;
use lectern::db::Db;

use super::log::start_log;
use super::output::Outcome;

/// The suffixes of the files that SQLite keeps next to a database that is open or was not closed.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Copies a snapshot of the database while a server goes on writing.
#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The file to create
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub fn run(self) -> Outcome {
        start_log(&self.database);
        let db = Db::open_existing(&self.database.url)?;
        let Some(source) = db.file() else {
            return Err("this is for SQLite; a PostgreSQL database is backed up with its own tools, such as \
                'pg_dump --format=custom --file=FILE', and brought back with pg_restore"
                .into());
        };
        let (folder, to) = self.check_place(source)?;
        // A temporary file that only its owner can read, because it contains all secrets. It is removed on failure.
        let made = tempfile::Builder::new().prefix(".lectern-backup-").tempfile_in(&folder)?;
        let size = db.back_up(made.path())?;
        let placed = if self.force { made.persist(&to) } else { made.persist_noclobber(&to) };
        placed.map_err(|e| format!("can't make {}: {}", to.display(), e.error))?;
        // Makes the new name durable.
        File::open(&folder)?.sync_all()?;
        println!("backed up to {}: {size} bytes, checked", to.display());
        Ok(())
    }

    /// Checks that the backup may be created, and returns its folder and path.
    fn check_place(&self, source: &Path) -> Result<(PathBuf, PathBuf), String> {
        let name = self.to.file_name().ok_or_else(|| format!("{} names no file", self.to.display()))?;
        let folder = match self.to.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = folder.canonicalize().map_err(|e| format!("can't use {}: {e}", folder.display()))?;
        let to = folder.join(name);
        if source.canonicalize().is_ok_and(|source| source == to) {
            return Err(format!("{} is the database itself", to.display()));
        }
        if to.exists() && !self.force {
            return Err(format!("{} is there already; --force replaces it", to.display()));
        }
        for companion in COMPANIONS {
            let mut beside = to.clone().into_os_string();
            beside.push(companion);
            if Path::new(&beside).exists() {
                // SQLite would use it as part of the new file.
                return Err(format!("{} is there: something has {} open", Path::new(&beside).display(), to.display()));
            }
        }
        Ok((folder, to))
    }
}
