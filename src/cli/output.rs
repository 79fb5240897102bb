//! What subcommands return, print and log.

use std::error::Error;

use serde_json::Value;

/// What a subcommand returns. `main` prints the error as it is.
pub type Outcome = Result<(), Box<dyn Error>>;

/// Starts the log with an `env_logger` filter.
pub fn start_log(filter: &str) {
    env_logger::Builder::new().parse_filters(filter).init();
}

/// Prints one line of JSON for programs, or one line a field for people.
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
