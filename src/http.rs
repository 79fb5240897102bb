//! What every protocol's HTTP needs, whatever it says.

pub mod body;
pub mod health;
pub mod request_log;
