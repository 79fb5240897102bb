//! The subcommands.

mod actor;
mod backup;
mod callbacks;
mod channel;
mod class;
mod completions;
mod copy;
mod database;
mod doctor;
mod enterprise;
mod log;
mod migrate;
mod operator;
mod organization;
mod output;
mod restore;
mod serve;
mod sign;
mod user;
mod words;

use clap::{CommandFactory, Parser, Subcommand};
use lectern::build;
use lectern::config::{Config, DatabaseConfig};
use output::Outcome;

/// The classroom back end that speaks the hosted classroom APIs, run by yourself.
#[derive(Parser)]
#[command(name = "lectern", version = build::version())]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve; brings the tables of the database to this version first
    Serve(Box<Config>),
    /// Bring the tables of the database to this version
    Migrate(DatabaseConfig),
    /// Create, show and change enterprises; a running server sees a change within 2 s
    #[command(subcommand)]
    Enterprise(enterprise::Command),
    /// Create channels, which manage organizations, and change their credentials; a running server sees a change at once
    #[command(subcommand)]
    Channel(channel::Command),
    /// Register, show, change and delete the users of an enterprise; a running server sees a change within a second
    #[command(subcommand)]
    User(user::Command),
    /// Make links to the pages of classes
    #[command(subcommand)]
    Class(class::Command),
    /// List organizations and change the secrets of their callbacks; a running server sees a change at once
    #[command(subcommand)]
    Organization(organization::Command),
    /// Create, list and change the operators who sign in to the console; a running server sees a change at once
    #[command(subcommand)]
    Operator(operator::Command),
    /// Inspect and change the delivery of events; a running server sees a change within a second
    #[command(subcommand)]
    Callbacks(callbacks::Command),
    /// Copy everything into another database, for moving from SQLite to PostgreSQL and back
    Copy(copy::Copy),
    /// Write a backup of a SQLite database into a file, beside a running server
    Backup(backup::Backup),
    /// Put a backup in the place of a SQLite database, which no server may have open
    Restore(restore::Restore),
    /// Print a signed URL
    Sign(sign::Sign),
    /// Check what a server with these settings needs, and say what to do
    Doctor(Box<doctor::Doctor>),
    /// Print the file with which a shell completes commands and flags
    Completions(completions::Completions),
}

/// Runs the subcommand.
pub fn run(cli: Cli) -> Outcome {
    match cli.command {
        Command::Serve(config) => serve::run(*config),
        Command::Migrate(database) => migrate::run(&database),
        Command::Enterprise(command) => enterprise::run(command),
        Command::Channel(command) => channel::run(command),
        Command::User(command) => user::run(command),
        Command::Class(command) => class::run(command),
        Command::Organization(command) => organization::run(command),
        Command::Operator(command) => operator::run(command),
        Command::Callbacks(command) => callbacks::run(command),
        Command::Copy(copy) => copy.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Sign(sign) => sign::run(&sign),
        Command::Doctor(doctor) => doctor.run(),
        Command::Completions(completions) => completions.run(&mut Cli::command()),
    }
}
