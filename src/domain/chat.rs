//! Chat: groups, messages and masked words.

pub mod filter;
pub mod group;
