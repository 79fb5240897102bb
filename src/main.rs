//! The command line: serves, migrates, and manages enterprises, also while a server runs.

mod cli;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

fn main() -> ExitCode {
    let unknown = lectern::config::unknown_names(&cli::Cli::command(), names_of_environment());
    if !unknown.is_empty() {
        eprintln!("error: unknown setting in the environment: {}", unknown.join(", "));
        eprintln!("\nFor the settings there are, try 'lectern serve --help'.");
        return ExitCode::from(2);
    }
    match cli::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn names_of_environment() -> impl Iterator<Item = String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())
}
