//! `lectern restore`: puts a backup in the place of a SQLite database.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::Args;
use futures_util::TryStreamExt;
use lectern::config::DatabaseConfig;
use lectern::db;
use lectern::storage::Storage;
use tempfile::NamedTempFile;

use super::log::start_log;
use super::output::Outcome;

/// What is appended to the name of the database that was there.
const ASIDE: &str = ".before-%Y%m%dT%H%M%SZ";

/// Checks a backup and puts it in the place of the database; the database that was there is kept under another name.
#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The backup: a file, or `s3://BUCKET/PREFIX/NAME`
    #[arg(long, value_name = "FILE")]
    from: String,
    /// Replace a database that is there
    #[arg(long)]
    force: bool,
}

impl Restore {
    pub fn run(self) -> Outcome {
        start_log(&self.database);
        let Some(path) = self.database.url.strip_prefix("sqlite://").map(PathBuf::from) else {
            return Err(
                "this is for SQLite; a PostgreSQL database is brought back with its own tools, such as pg_restore"
                    .into(),
            );
        };
        if path.exists() && !self.force {
            return Err(format!(
                "{} is there already; --force replaces it, and keeps it under another name",
                path.display()
            )
            .into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|e| format!("can't make {}: {e}", folder.display()))?;
        // A temporary file that only its owner can read, because it contains all secrets. It is removed on failure.
        let mut file = tempfile::Builder::new().prefix(".lectern-restore-").tempfile_in(folder)?;
        self.fetch(&mut file)?;
        let suffix = Utc::now().format(ASIDE).to_string();
        let aside = db::restore(&self.database.url, file, &suffix)?;
        println!("restored {} from {}, checked", path.display(), self.from);
        if let Some(aside) = aside {
            println!("the database that was there is now {}", aside.display());
        }
        Ok(())
    }

    /// Copies the backup into a file.
    fn fetch(&self, file: &mut NamedTempFile) -> Result<(), Box<dyn Error>> {
        let Some((bucket, name)) = self.from.strip_prefix("s3://").and_then(|_| self.from.rsplit_once('/')) else {
            let opened = std::fs::File::open(&self.from).and_then(|mut from| std::io::copy(&mut from, file));
            opened.map_err(|e| format!("can't read {}: {e}", self.from))?;
            return Ok(());
        };
        let storage = Storage::open(bucket, std::env::vars())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let size = storage.stat(name).await?.size;
            let mut content = storage.read(name, 0..size).await?;
            while let Some(some) = content.try_next().await? {
                file.write_all(&some)?;
            }
            Ok(())
        })
    }
}
