//! What must not be lost: kills, stops, failing statements, a full disk, a receiver that hangs, a database that is away.

mod away;
mod backup;
mod conversions;
mod disk;
mod encrypted;
mod frozen;
mod groups;
mod instances;
mod instances_loaded;
mod killed;
mod restarted;
mod statements;
mod stopping;
mod uploading;
