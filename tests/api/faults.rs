//! What must not be lost: kills, stops, failing statements, a full disk, a receiver that hangs.

mod disk;
mod frozen;
mod groups;
mod killed;
mod process;
mod school;
mod statements;
mod stopping;
