//! Backups of an embedded database on a schedule. Each is a snapshot in one file, checked, in a folder or a bucket.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime};

use crate::clock::Millis;
use crate::db::Db;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic};
use crate::storage::Storage;

/// The name of a backup, with the time at which it was made, in UTC.
const NAME: &str = "lectern-%Y%m%dT%H%M%SZ.db";

/// Makes backups, and removes the oldest ones.
pub struct Backups {
    /// Where they are. Other files there are left alone.
    pub storage: Storage,
    /// How long after the last one the next one is made.
    pub every: Millis,
    /// How many are kept.
    pub keep: usize,
}

impl Periodic for Backups {
    const NAME: &'static str = "the backup of the database";
    const PAUSE: Duration = Duration::from_mins(1);
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let now = context.clock.now();
        let mut made = self.made().await?;
        // One that was made before the clock was set back does not delay the next one for longer.
        let due = made.last().map_or(now, |last| last.saturating_add(self.every).min(now.saturating_add(self.every)));
        if due > now {
            return Ok(Next::At(due));
        }
        let name = name_of(now);
        let bytes = self.make(&context.db, &name).await?;
        log::info!("the database was backed up to {name}: {bytes} bytes, checked");
        made.push(now);
        let outdated = made.len().saturating_sub(self.keep);
        for time in made.into_iter().take(outdated) {
            self.storage.remove(&name_of(time)).await?;
        }
        Ok(Next::At(now.saturating_add(self.every)))
    }
}

impl Backups {
    /// When the backups that are there were made, in ascending order.
    async fn made(&self) -> Result<Vec<Millis>, Failure> {
        let mut made: Vec<Millis> = self.storage.names().await?.iter().filter_map(|name| time_of(name)).collect();
        made.sort_unstable();
        Ok(made)
    }

    /// Makes a backup with this name, and returns its size in bytes.
    async fn make(&self, db: &Db, name: &str) -> Result<u64, Failure> {
        let beside = db.file().and_then(Path::parent).map(PathBuf::from).unwrap_or_default();
        let (db, storage) = (db.clone(), self.storage.clone());
        let snapshot = move || {
            let file = storage.temporary_file(&beside)?;
            let bytes = db.back_up(file.path())?;
            Ok::<_, Failure>((file, bytes))
        };
        let (file, bytes) = tokio::task::spawn_blocking(snapshot).await??;
        self.storage.keep(name, file).await?;
        Ok(bytes)
    }
}

fn name_of(time: Millis) -> String {
    DateTime::from_timestamp_millis(time).unwrap_or_default().format(NAME).to_string()
}

fn time_of(name: &str) -> Option<Millis> {
    Some(NaiveDateTime::parse_from_str(name, NAME).ok()?.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_named_after_its_time_and_other_files_are_none() {
        assert_eq!(name_of(1_700_000_000_999), "lectern-20231114T221320Z.db");
        assert_eq!(time_of("lectern-20231114T221320Z.db"), Some(1_700_000_000_000));
        for other in
            ["lectern.db", "lectern-20231114T221320Z.db.old", "lectern-2023.db", ".lectern-backup-x", "lectern-x.db"]
        {
            assert_eq!(time_of(other), None, "{other}");
        }
    }
}
