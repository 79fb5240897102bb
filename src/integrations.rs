//! Programs and services outside that do work for Lectern, each behind a small trait, so that the rest does not depend on which
//! one does it. None is called inside a transaction.

pub mod chat;
pub mod converter;
pub mod libreoffice;
pub mod tencent;
