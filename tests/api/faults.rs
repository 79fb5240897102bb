//! What must not be lost: kills, stops, failing statements, a full disk, a receiver that hangs.

mod backup;
mod disk;
mod frozen;
mod killed;
mod process;
mod school;
mod statements;
mod stopping;
