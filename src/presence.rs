//! Presence: keeps the heartbeats of components in memory, stores them periodically, and ends sessions without heartbeats and
//! classes whose time is over.
//!
//! Several instances may do this on one database. A session or class ends once, under the lock of the class.

mod deadlines;
mod heartbeats;
mod tracker;
mod visitors;
mod worker;

pub use deadlines::keep_deadlines;
pub use tracker::{Presence, Settings};
pub use visitors::{end_due, end_visitors};
pub use worker::keep_presence;
