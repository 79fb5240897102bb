//! Rows of chat: groups, messages and what is to be deleted at a hosted service.

pub mod group;
pub mod group_deletion;
pub mod message;
pub mod push;
