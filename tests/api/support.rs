//! What tests are made of: a service, its clients, receivers of webhooks, databases. There are no tests here.

use std::time::Duration;

/// How long a test waits for what must happen. It only says when a test has failed, so it suits the slowest machine.
pub const PATIENCE: Duration = Duration::from_mins(4);

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
pub mod http;
pub mod look;
pub mod media;
pub mod page;
pub mod process;
pub mod proxy;
pub mod raw;
pub mod receiver;
pub mod relay;
#[allow(dead_code, reason = "the tests of the media server use the rest")]
#[path = "../support/robot.rs"]
pub mod robot;
pub mod school;
pub mod service;
pub mod turn;
#[path = "../support/upgrade.rs"]
pub mod upgrade_dumps;
pub mod visitor;
pub mod webhooks;
