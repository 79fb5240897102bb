//! Every setting: its flag, its environment name, its default and what it means. `docs/configuration.md` says the same.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, Command, ValueEnum};

/// What all settings' environment names begin with.
pub const PREFIX: &str = "LECTERN_";

/// Where the rows are; every subcommand takes it.
#[derive(Args, Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(long, env = "LECTERN_DATABASE_URL", default_value = "sqlite://data/lectern.db", hide_env_values = true)]
    pub database_url: String,

    /// What is logged, in the form of `env_logger`: `info`, `debug`, `lectern=debug,actix=warn` …
    #[arg(long, env = "LECTERN_LOG", default_value = "info")]
    pub log: String,
}

/// What `lectern serve` can be told.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where the rows are, and the log
    #[command(flatten)]
    pub database: DatabaseConfig,

    /// Address and port to listen on
    #[arg(long, env = "LECTERN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// What the addresses given to clients begin with [default: http:// and the listen address]
    #[arg(long, env = "LECTERN_PUBLIC_URL", value_parser = base_url)]
    pub public_url: Option<String>,

    /// How far ahead the `expire_time` of a signature may be, in seconds
    #[arg(long, env = "LECTERN_SIGN_MAX_AGE_SECONDS", default_value_t = 604_800, value_parser = clap::value_parser!(i64).range(1..))]
    pub sign_max_age_seconds: i64,

    /// Whether the `sign` of a classroom component is demanded, checked when it is there, or not looked at
    #[arg(long, env = "LECTERN_COMPONENT_SIGN", value_enum, default_value_t = ComponentSign::Check)]
    pub component_sign: ComponentSign,

    /// How large the body of a request may be, in bytes
    #[arg(long, env = "LECTERN_BODY_LIMIT_BYTES", default_value_t = 1_048_576)]
    pub body_limit_bytes: usize,

    /// Where files are: `file://PATH` or `s3://BUCKET/PREFIX`
    #[arg(long, env = "LECTERN_STORAGE_URL", default_value = "file://data/files")]
    pub storage_url: String,

    /// How long a link to a private file is good, in seconds
    #[arg(long, env = "LECTERN_FILE_LINK_SECONDS", default_value_t = 86_400, value_parser = clap::value_parser!(u32).range(1..))]
    pub file_link_seconds: u32,

    /// How large a document may be, in bytes
    #[arg(long, env = "LECTERN_DOCUMENT_LIMIT_BYTES", default_value_t = 209_715_200, value_parser = clap::value_parser!(u64).range(1..))]
    pub document_limit_bytes: u64,

    /// Which chat service the classes use
    #[arg(long, env = "LECTERN_IM_ENGINE", value_enum, default_value_t = ImEngine::Local)]
    pub im_engine: ImEngine,

    /// Where the hosted chat service is
    #[arg(long, env = "LECTERN_IM_URL", default_value = "https://console.tim.qq.com", value_parser = base_url)]
    pub im_url: String,

    /// The enterprise whose groups IM calls without a token are about, if it is open; none without it
    #[arg(long, env = "LECTERN_IM_DEFAULT_SDKAPPID", value_parser = clap::value_parser!(i64).range(1..))]
    pub im_default_sdkappid: Option<i64>,

    /// What the addresses of the live pictures of courses begin with; empty for none
    #[arg(long, env = "LECTERN_HLS_URL", default_value = "", value_parser = base_url_or_none)]
    pub hls_url: String,
    /// Where the hosted video service is, for clients of rooms that call it through Lectern
    #[arg(long, env = "LECTERN_VOD_URL", default_value = "https://vod.api.qcloud.com", value_parser = base_url)]
    pub vod_url: String,

    /// How long the whole exchange of a callback may take, in seconds
    #[arg(long, env = "LECTERN_CALLBACK_TIMEOUT_SECONDS", default_value = "10", value_parser = seconds)]
    pub callback_timeout_seconds: Duration,

    /// How often a callback that failed is tried again
    #[arg(long, env = "LECTERN_CALLBACK_RETRIES", default_value_t = 10, value_parser = clap::value_parser!(i64).range(0..=1000))]
    pub callback_retries: i64,

    /// How long after a failure a callback is tried again, in seconds
    #[arg(long, env = "LECTERN_CALLBACK_RETRY_SECONDS", default_value = "60", value_parser = seconds)]
    pub callback_retry_seconds: Duration,

    /// How many callbacks one receiver gets at once
    #[arg(long, env = "LECTERN_CALLBACK_CONNECTIONS", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub callback_connections: u16,

    /// Allow callbacks to addresses inside networks, such as this machine's own
    #[arg(long, env = "LECTERN_CALLBACK_ALLOW_PRIVATE", num_args = 0..=1, default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub callback_allow_private: bool,

    /// How long the download of a document that is to be converted may take, in seconds
    #[arg(long, env = "LECTERN_DOCUMENT_TIMEOUT_SECONDS", default_value = "60", value_parser = seconds)]
    pub document_timeout_seconds: Duration,

    /// Allow documents to be fetched from addresses inside networks, such as this machine's own
    #[arg(long, env = "LECTERN_DOCUMENT_ALLOW_PRIVATE", num_args = 0..=1, default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub document_allow_private: bool,

    /// How many documents are converted at once
    #[arg(long, env = "LECTERN_CONVERT_WORKERS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub convert_workers: u16,

    /// How long events and their deliveries are kept, in days
    #[arg(long, env = "LECTERN_EVENT_KEEP_DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub event_keep_days: i64,

    /// How often classroom components are asked to tell that they live, in seconds; one that is silent for three times that has left
    #[arg(long, env = "LECTERN_HEARTBEAT_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub heartbeat_seconds: u32,

    /// How long after its `stop_time` a class ends by itself though people are inside, or though it never began, in seconds
    #[arg(long, env = "LECTERN_CLASS_MAX_OVERRUN_SECONDS", default_value_t = 14_400, value_parser = clap::value_parser!(u32).range(1..))]
    pub class_max_overrun_seconds: u32,

    /// Threads that answer requests [default: one for each core]
    #[arg(long, env = "LECTERN_WORKERS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub workers: Option<u16>,

    /// Make an enterprise to try things with when there is none, and print how to call it
    #[arg(long, env = "LECTERN_DEMO", num_args = 0..=1, default_value_t = false, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub demo: bool,
}

/// What becomes of the `sign` of a classroom component: MD5 of the body, which shows that it came whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ComponentSign {
    /// It has to be there and right.
    Require,
    /// It has to be right when it is there.
    Check,
    /// It is not looked at.
    Off,
}

/// A chat service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImEngine {
    /// Lectern's own.
    Local,
    /// The hosted one; a class then needs the administrator's id and ticket there.
    Tencent,
}

/// The environment names that begin with [`PREFIX`] and that no argument of `command` or its subcommands reads.
pub fn unknown_names(command: &Command, given: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = Vec::new();
    collect_names(command, &mut known);
    given.filter(|name| name.starts_with(PREFIX) && !known.contains(name)).collect()
}

fn collect_names(command: &Command, names: &mut Vec<String>) {
    names.extend(
        command.get_arguments().filter_map(|arg| arg.get_env()).map(|name| name.to_string_lossy().into_owned()),
    );
    for sub in command.get_subcommands() {
        collect_names(sub, names);
    }
}

/// Seconds, fractions allowed.
fn seconds(text: &str) -> Result<Duration, String> {
    let wrong = || "must be a number of seconds from 0.001 to 1000000".to_owned();
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    if (0.001..=1_000_000.0).contains(&seconds) { Ok(Duration::from_secs_f64(seconds)) } else { Err(wrong()) }
}

fn base_url_or_none(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { base_url(text) }
}

fn base_url(text: &str) -> Result<String, String> {
    if crate::domain::is_http_url(text) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("must be an http or https address".to_owned())
    }
}
