//! Events: publishing them, listing their deliveries, and replaying deliveries.

pub mod event;
