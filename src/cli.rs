//! The subcommands.

mod backup;
mod callbacks;
mod channel;
mod copy;
mod enterprise;
mod serve;
mod sign;
mod words;

use std::error::Error;

use clap::{Parser, Subcommand};
use lectern::config::{Config, DatabaseConfig};
use lectern::db::{Conn, Db};
use lectern::domain;

/// The classroom back end that speaks the hosted classroom APIs, run by yourself.
#[derive(Parser)]
#[command(name = "lectern", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve; brings the database to this version first
    Serve(Box<Config>),
    /// Bring the database to this version
    Migrate(DatabaseConfig),
    /// Make, show and change enterprises; a running server sees it within 2 s
    #[command(subcommand)]
    Enterprise(enterprise::Command),
    /// Make channels, which manage organizations, and change what they log in with; a running server sees it at once
    #[command(subcommand)]
    Channel(channel::Command),
    /// Look after the delivery of events; a running server sees it within a second
    #[command(subcommand)]
    Callbacks(callbacks::Command),
    /// Copy everything into another database, for moving from SQLite to PostgreSQL and back
    Copy(copy::Copy),
    /// Write a backup of a SQLite database into a file, beside a running server
    Backup(backup::Backup),
    /// Print a signed URL
    Sign(sign::Sign),
}

/// What a subcommand returns: an error is told as it is.
type Outcome = Result<(), Box<dyn Error>>;

/// Does what the command line says.
pub fn run(cli: Cli) -> Outcome {
    match cli.command {
        Command::Serve(config) => serve::run(*config),
        Command::Migrate(database) => migrate(&database),
        Command::Enterprise(command) => enterprise::run(command),
        Command::Channel(command) => channel::run(command),
        Command::Callbacks(command) => callbacks::run(command),
        Command::Copy(copy) => copy.run(),
        Command::Backup(backup) => backup.run(),
        Command::Sign(sign) => sign::run(&sign),
    }
}

fn start_log(filter: &str) {
    env_logger::Builder::new().parse_filters(filter).init();
}

fn migrate(database: &DatabaseConfig) -> Outcome {
    start_log(&database.log);
    let applied = Db::open(&database.database_url)?.migrate()?;
    if applied.is_empty() {
        println!("the database has this version already");
    }
    for version in applied {
        println!("migrated to {version}");
    }
    Ok(())
}

/// Does one thing in the database, which need not have this version yet.
fn in_database<T: Send + 'static>(
    database: &DatabaseConfig,
    f: impl FnOnce(&mut Conn) -> domain::Result<T> + Send + 'static,
) -> Result<T, Box<dyn Error>> {
    start_log(&database.log);
    let db = Db::open(&database.database_url)?;
    db.migrate()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    match runtime.block_on(db.write(f)) {
        Err(domain::Error::Database(cause)) => Err(cause.into()),
        other => other.map_err(|error| error.words(&words::Words).into()),
    }
}
