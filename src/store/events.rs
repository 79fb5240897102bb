//! Rows of what happened: the outbox, events, their deliveries to endpoints and the attempts to deliver.

pub mod attempt;
pub mod delivery;
pub mod endpoint;
pub mod event;
pub mod failure;
pub mod outbox;
pub mod payload;
