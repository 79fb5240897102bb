//! The results and the output of subcommands.

use std::error::Error;

use serde_json::Value;

/// The result of a subcommand. `main` prints the error.
pub type Outcome = Result<(), Box<dyn Error>>;

/// Says on the standard error that something was made for a protocol that does not answer for the enterprise.
pub fn note_off(sdkappid: i64, protocol: &str, word: &str) {
    eprintln!(
        "note: {protocol} does not answer for {sdkappid}; `lectern enterprise set {sdkappid} --protocols LIST` switches it on, with {word} in the list"
    );
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
