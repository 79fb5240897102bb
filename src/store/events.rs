//! Rows of what happened: the outbox, events, their deliveries and the attempts to deliver.

pub mod attempt;
pub mod delivery;
pub mod event;
pub mod outbox;
