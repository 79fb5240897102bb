//! Integrations: outside programs and services, each behind a small trait. None is called inside a transaction.

pub mod converter;
pub mod hosted_groups;
pub mod libreoffice;
pub mod tencent;
