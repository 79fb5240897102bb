//! Services of the hosted cloud.

pub mod chat_service;
pub mod group_deletion;
pub mod hosted_chat;
pub mod vod;
