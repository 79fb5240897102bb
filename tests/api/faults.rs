//! What must not be lost: kills, stops, failing statements, a full disk, a receiver that hangs, a database that is away.

mod away;
mod backup;
mod cluster;
mod conversions;
mod disk;
mod encrypted;
mod frozen;
mod groups;
mod instances;
mod instances_loaded;
mod killed;
pub mod process;
mod proxy;
mod restarted;
mod school;
mod statements;
mod stopping;
mod uploading;
