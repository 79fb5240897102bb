//! The results, output and log of subcommands.

use std::error::Error;

use serde_json::Value;

/// The result of a subcommand. `main` prints the error.
pub type Outcome = Result<(), Box<dyn Error>>;

/// Starts the log with an `env_logger` filter.
pub fn start_log(filter: &str) {
    env_logger::Builder::new().parse_filters(filter).init();
}

/// Prints one line of JSON for programs, or one line per field for people.
pub fn print(value: &Value, json: bool) {
    match value.as_object() {
        Some(fields) if !json => {
            for (name, field) in fields {
                println!("{name}: {}", field.as_str().map_or_else(|| field.to_string(), str::to_owned));
            }
        }
        _ => println!("{value}"),
    }
}
