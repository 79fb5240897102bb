//! What tests are made of: a service, its clients, receivers of webhooks, databases. There are no tests here.

#[allow(dead_code, reason = "the tests of conversion use the rest")]
#[path = "../support/browser.rs"]
pub mod browser;
pub mod cable;
pub mod calls;
pub mod channel;
pub mod cluster;
pub mod component;
pub mod converter;
#[path = "../support/database.rs"]
pub mod database;
pub mod follower;
pub mod page;
pub mod process;
pub mod proxy;
pub mod raw;
pub mod receiver;
pub mod school;
pub mod service;
#[path = "../support/upgrade.rs"]
pub mod upgrade_dumps;
pub mod webhooks;
