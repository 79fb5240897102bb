//! Who is inside: takes the heartbeats of components into memory, writes them down now and then, ends the sessions of those
//! that fell silent and the classes whose time is over.
//!
//! Any number of instances may do so on one database: whatever ends, ends once, under the lock of its class.

mod heartbeats;
mod tracker;
mod worker;

pub use tracker::{Presence, Settings};
pub use worker::keep_presence;
