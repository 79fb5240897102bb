//! The log: on the standard error, as lines for people or as JSON for programs.

use std::io;
use std::io::Write;

use env_logger::Builder;
use env_logger::fmt::Formatter;
use lectern::config::{DatabaseConfig, LogFormat};
use lectern::http::request_id;
use log::Record;
use serde::Serialize;

/// Starts the log as the settings say.
pub fn start_log(config: &DatabaseConfig) {
    start_log_with(&config.log, config.log_format);
}

/// Starts the log with an `env_logger` filter.
pub fn start_log_with(filter: &str, format: LogFormat) {
    let write = match format {
        LogFormat::Text => text,
        LogFormat::Json => json,
    };
    Builder::new().parse_filters(filter).format(write).init();
}

/// As `env_logger` writes it, with the id of the request.
fn text(line: &mut Formatter, record: &Record<'_>) -> io::Result<()> {
    let (time, level, target) = (line.timestamp(), record.level(), record.target());
    let style = line.default_level_style(level);
    // A message of several lines can't pretend to be several messages.
    let message = record.args().to_string().replace('\n', "\n    ");
    match request_id::current() {
        Some(id) => writeln!(line, "[{time} {style}{level:<5}{style:#} {target} {}] {message}", id.as_str()),
        None => writeln!(line, "[{time} {style}{level:<5}{style:#} {target}] {message}"),
    }
}

/// A line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    time: &'a str,
    level: &'a str,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    message: &'a str,
}

fn json(line: &mut Formatter, record: &Record<'_>) -> io::Result<()> {
    let (time, id) = (line.timestamp_millis().to_string(), request_id::current());
    let of_record = Line {
        time: &time,
        level: record.level().as_str(),
        target: record.target(),
        request_id: id.as_ref().map(request_id::RequestId::as_str),
        message: &record.args().to_string(),
    };
    serde_json::to_writer(&mut *line, &of_record)?;
    line.write_all(b"\n")
}
