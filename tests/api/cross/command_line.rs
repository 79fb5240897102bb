//! The program: its settings and subcommands, how it starts and stops.

mod enterprises;
mod program;
mod serving;
mod settings;
