//! What every protocol's HTTP needs, whatever it says: of requests that come, and of those that we make.

mod address;
pub mod body;
pub mod download;
pub mod health;
pub mod outgoing;
pub mod request_log;
pub mod wire;
