//! Chat: groups and messages.

pub mod group;
