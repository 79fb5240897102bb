//! The program itself: its settings, its subcommands, how it starts and stops.
