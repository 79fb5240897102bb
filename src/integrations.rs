//! Engines: programs and services outside that Lectern has work done by, each behind a small trait, so that the rest knows
//! what is done and not by whom. None is ever asked inside a transaction.

pub mod converter;
pub mod hosted_groups;
pub mod libreoffice;
pub mod tencent;
