//! Events: publishing them, listing their deliveries, and replaying deliveries.

pub mod endpoint;
pub mod event;
