//! The service as its users meet it: a real server on a real socket with a database of its own, and a signed client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

mod attendance;
mod callbacks;
mod calls;
mod chat;
mod classes;
mod command_line;
mod component;
mod component_fields;
mod components;
mod conversions;
mod converter;
mod copying;
mod courseware;
#[path = "../database/mod.rs"]
mod database;
mod deliveries;
mod documents;
mod enterprises;
mod entry;
mod faults;
mod feed;
mod hostile;
mod im;
mod joining;
mod lists;
mod niuclass;
mod openapi;
mod originals;
mod outbox;
mod presence;
mod presence_model;
mod properties;
mod questions;
mod raw;
mod receiver;
mod recorded;
mod remembered;
mod reports;
mod service;
mod signature;
mod suixinbo;
mod tenancy;
mod transcoding;
mod transport;
mod upgrade;
#[path = "../upgrade/mod.rs"]
mod upgrade_dumps;
mod uploads;
mod users;
mod walk;
