//! The program itself: its settings, its subcommands, how it starts and stops.

mod enterprises;
mod program;
mod serving;
mod settings;
