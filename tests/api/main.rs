//! Tests of the whole service: a real server on a real socket with its own database, and a client that signs its requests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

mod classroom;
mod console;
mod cross;
mod iclass;
mod im;
mod media;
mod niuclass;
mod suixinbo;
mod support;
