//! Settings of all subcommands that use a database.

use clap::{Args, ValueEnum};

/// Which database is used, and what is logged.
#[derive(Args, Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(
        id = "database_url",
        long = "database-url",
        value_name = "DATABASE_URL",
        env = "LECTERN_DATABASE_URL",
        default_value = "sqlite://data/lectern.db",
        hide_env_values = true
    )]
    pub url: String,

    /// What is logged, in the form of `env_logger`: `info`, `debug`, `lectern=debug,actix=warn` …
    #[arg(long, env = "LECTERN_LOG", default_value = "info")]
    pub log: String,

    /// How the log is written
    #[arg(long, env = "LECTERN_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}
