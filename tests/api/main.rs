//! The service as its users meet it: a real server on a real socket with a database of its own, and a signed client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

mod cross;
mod iclass;
mod im;
mod niuclass;
mod suixinbo;
mod support;
