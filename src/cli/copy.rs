//! `lectern copy`: copies everything from one database into another, which is empty or contains the first part of the same copy.

use std::fmt;
use std::time::{Duration, Instant};

use clap::Args;
use lectern::config::LogFormat;
use lectern::db;
use lectern::db::{Conn, Db};
use lectern::store::copy;
use lectern::store::copy::Table;
use serde_json::Value;
use tokio::runtime::Handle;

use super::log::start_log_with;
use super::output::Outcome;

/// How many rows a transaction reads or writes.
const BATCH: usize = 1_000;
/// How often the progress of a large table is printed.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// How long the connections of a service that was just stopped may still be active on the source.
const BECOMES_QUIET: Duration = Duration::from_secs(4);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Copies every row with its ids; a copy that was interrupted continues where it stopped.
#[derive(Args)]
pub struct Copy {
    /// The database to copy from: `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(long)]
    from: String,
    /// The database to copy to: empty, or with the first part of the same copy
    #[arg(long)]
    to: String,
}

/// Why the copy failed.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error("--from and --to are the same database")]
    Same,
    #[error("something is at work on --from: stop what serves it, on every machine, and try again")]
    InUse,
    #[error("the tables of {0} are of another version: bring them to this one with 'lectern migrate'")]
    Version(&'static str),
    #[error(
        "the target holds what the source does not, in {0} ({1}): it belongs to something else, or one of the two was \
         used since the copy was begun. Not a row was written; copy into an empty database"
    )]
    Foreign(String, String),
    #[error("the numbers of rows differ")]
    Differ,
    #[error("the source was written to meanwhile: stop what serves it, and copy again into an empty database")]
    Used,
}

impl From<db::QueryError> for Error {
    fn from(error: db::QueryError) -> Self {
        Self::Database(error.into())
    }
}

/// The progress of one table.
struct Progress {
    table: Table,
    last: Option<String>,
    done: i64,
    all: i64,
}

impl Copy {
    pub fn run(self) -> Outcome {
        start_log_with("warn", LogFormat::Text);
        if self.from == self.to {
            return Err(Error::Same.into());
        }
        let source = Db::open_existing(&self.from)?;
        // Must come before this process opens other connections, which would count as activity.
        let mut watch = source.watch()?;
        let begun = Instant::now();
        while watch.sees_others()? {
            if begun.elapsed() > BECOMES_QUIET {
                return Err(Error::InUse.into());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        watch.begin_anew()?;
        if !source.has_this_version()? {
            return Err(Error::Version("--from").into());
        }
        let target = Db::open(&self.to)?;
        target.migrate()?;
        if !target.has_this_version()? {
            return Err(Error::Version("--to").into());
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let handle = runtime.handle().clone();
        // All reads of the source are in one transaction, which sees one snapshot.
        runtime.block_on(source.read_slow(move |from| Target { db: target, handle }.fill(from)))?;
        if watch.has_seen_writes()? {
            return Err(Error::Used.into());
        }
        Ok(())
    }
}

/// The target database, used from a thread that may block.
struct Target {
    db: Db,
    handle: Handle,
}

impl Target {
    fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.handle.block_on(self.db.read_slow(f))
    }

    fn write(&self, f: impl FnOnce(&mut Conn) -> Result<(), Error> + Send + 'static) -> Result<(), Error> {
        self.handle.block_on(self.db.write(f))
    }

    fn fill(&self, from: &mut Conn) -> Result<(), Error> {
        copy::keep_open(from)?;
        let tables = copy::tables(&mut db::blank()?)?;
        // The whole target is compared before anything is written.
        let begun = tables.into_iter().map(|table| self.find_begun(from, table)).collect::<Result<Vec<_>, _>>()?;
        // Must come before the rows, so that an interrupted copy that is used anyway assigns no id twice.
        for Progress { table, .. } in &begun {
            let (table, last) = (table.clone(), table.last_id(from)?);
            self.write(move |to| Ok(table.count_from(to, last)?))?;
        }
        let mut counts = Vec::with_capacity(begun.len());
        for mut progress in begun {
            self.copy(from, &mut progress)?;
            let table = progress.table.clone();
            counts.push(Counts { copied: self.read(move |to| Ok(table.count(to)?))?, progress });
        }
        println!("\n{:<24} {:>14} {:>14}", "TABLE", "SOURCE", "TARGET");
        for counts in &counts {
            println!("{counts}");
        }
        if counts.iter().all(Counts::agree) { Ok(()) } else { Err(Error::Differ) }
    }

    /// Checks that the target contains the first rows of the source and nothing else.
    fn find_begun(&self, from: &mut Conn, table: Table) -> Result<Progress, Error> {
        let (mut last, mut done) = (None, 0);
        loop {
            let (theirs, after) = (table.clone(), last.clone());
            let there = self.read(move |to| Ok(theirs.rows(to, after.as_deref(), BATCH)?))?;
            let ours = table.rows(from, last.as_deref(), there.len())?;
            for (at, row) in there.iter().enumerate() {
                if !ours.get(at).is_some_and(|own| is_same(own, row)) {
                    return Err(Error::Foreign(table.name().to_owned(), key_of(&table, row)));
                }
            }
            done += i64::try_from(there.len()).unwrap_or(i64::MAX);
            let is_all = there.len() < BATCH;
            last = there.into_iter().last().or(last);
            if is_all {
                let all = table.count(from)?;
                return Ok(Progress { table, last, done, all });
            }
        }
    }

    /// Copies the rest of a table.
    fn copy(&self, from: &mut Conn, progress: &mut Progress) -> Result<(), Error> {
        if progress.done > 0 {
            println!("{progress} are there");
        }
        let (mut reported, mut copied) = (Instant::now(), false);
        loop {
            let rows = progress.table.rows(from, progress.last.as_deref(), BATCH)?;
            let Some(last) = rows.last().cloned() else { break };
            progress.done += i64::try_from(rows.len()).unwrap_or(i64::MAX);
            progress.last = Some(last);
            let table = progress.table.clone();
            self.write(move |to| Ok(table.insert(to, &rows)?))?;
            copied = true;
            if reported.elapsed() > REPORT_EVERY {
                reported = Instant::now();
                println!("{progress}");
            }
        }
        if copied {
            println!("{progress}");
        }
        Ok(())
    }
}

/// Compares two rows as JSON values. The databases format the same JSON object with different whitespace and escapes.
fn is_same(one: &str, other: &str) -> bool {
    let parsed = |row| serde_json::from_str::<Value>(row).ok();
    one == other || parsed(one).is_some_and(|row| Some(row) == parsed(other))
}

/// Names a row by its key alone: other columns may contain secrets.
fn key_of(table: &Table, row: &str) -> String {
    let row: Value = serde_json::from_str(row).unwrap_or_default();
    let value = |name| row.get(name).cloned().unwrap_or_default();
    table.key().map(|name| format!("{name} {}", value(name))).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of {}", self.table.name(), self.done, self.all)
    }
}

/// The number of rows of a table in the source and in the target.
struct Counts {
    progress: Progress,
    copied: i64,
}

impl Counts {
    fn agree(&self) -> bool {
        self.progress.all == self.copied
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.agree() { "" } else { "  differ" };
        write!(f, "{:<24} {:>14} {:>14}{mark}", self.progress.table.name(), self.progress.all, self.copied)
    }
}
