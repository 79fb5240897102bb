//! `lectern backup`: a SQLite database as one file, whole or not there at all.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use lectern::config::DatabaseConfig;
use lectern::db;
use lectern::db::Db;

/// What stands beside a database file that is open, or was not closed well.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Copies all that is committed when it begins, while a server goes on writing.
#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Replace the file when it is there
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub fn run(self) -> super::Outcome {
        super::start_log(&self.database.log);
        let db = Db::open_existing(&self.database.database_url)?;
        let Some(source) = db.file() else {
            return Err("this is for SQLite; a PostgreSQL database is backed up with its own tools, such as \
                'pg_dump --format=custom --file=FILE', and brought back with pg_restore"
                .into());
        };
        let (folder, to) = self.check_place(source)?;
        // Under another name, readable by its owner alone: it holds every secret there is. Removed when this fails.
        let made = tempfile::Builder::new().prefix(".lectern-backup-").tempfile_in(&folder)?;
        db.write_to(made.path())?;
        db::check_file(made.path())?;
        made.as_file().sync_all()?;
        let size = made.as_file().metadata()?.len();
        let placed = if self.force { made.persist(&to) } else { made.persist_noclobber(&to) };
        placed.map_err(|e| format!("can't make {}: {}", to.display(), e.error))?;
        // The name is durable when its folder is.
        File::open(&folder)?.sync_all()?;
        println!("backed up to {}: {size} bytes, checked", to.display());
        Ok(())
    }

    /// The folder of the backup and its path, if it may be made there.
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
                // SQLite would take it for a part of the new file.
                return Err(format!("{} is there: something has {} open", Path::new(&beside).display(), to.display()));
            }
        }
        Ok((folder, to))
    }
}
