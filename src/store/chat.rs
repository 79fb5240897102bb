//! Rows of chat: groups, messages, masked words, and groups to delete at a hosted service.

pub mod chat_message;
pub mod filter_word;
pub mod group;
pub mod group_deletion;
pub mod message;
pub mod message_id;
pub mod notice;
pub mod private_message;
pub mod push;
