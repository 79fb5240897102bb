//! Rows of chat: groups, messages, and groups to delete at a hosted service.

pub mod group;
pub mod group_deletion;
pub mod message;
pub mod notice;
pub mod push;
