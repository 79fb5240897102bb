//! Nothing is lost by kills, stops, failing statements, a full disk, a hanging receiver, or an unavailable database.

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
