//! The program: its settings and subcommands, how it starts and stops.

mod database_file;
mod enterprises;
mod program;
mod serving;
mod settings;
mod users;
