//! HTTP code that all protocols share: for incoming requests, and for requests to services outside.

mod address;
pub mod body;
pub mod client;
pub mod cors;
pub mod download;
mod encoding;
pub mod health;
pub mod outcome;
pub mod outgoing;
pub mod page_policy;
pub mod request_id;
mod request_log;
pub mod request_meter;
pub mod requests;
pub mod wire;

/// How many bytes of a response are gathered before they are written.
pub const WRITE_BUFFER: usize = 4 * 1024;
