//! The media server, over real sockets: who gets what of whom.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../support/robot.rs"]
mod robot;

mod forwarding;
mod hostile;
mod recording;
mod rules;
mod support;
