//! Integrations: outside programs and services, each behind a small trait. None is called inside a transaction.

pub mod converter;
pub mod ffmpeg;
pub mod hosted_groups;
pub mod libreoffice;
mod sandbox;
pub mod tencent;
