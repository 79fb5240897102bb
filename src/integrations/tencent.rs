//! Services of the hosted cloud.

pub mod chat_service;
pub mod cloud_signature;
pub mod group_deletion;
pub mod group_message;
pub mod usersig;
pub mod vod;
