//! What happened: publishing events, looking at their deliveries, and replaying them.

pub mod endpoint;
pub mod event;
