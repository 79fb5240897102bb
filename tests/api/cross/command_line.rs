//! The program: its settings and subcommands, how it starts and stops.

mod authorities;
mod database_file;
mod doctor;
mod enterprises;
mod program;
mod restoring;
mod serving;
mod settings;
mod users;
