//! Rows of events: the outbox, events, deliveries to endpoints and delivery attempts.

pub mod attempt;
pub mod delivery;
pub mod endpoint;
pub mod event;
pub mod failure;
pub mod kind;
pub mod outbox;
pub mod outbox_entry;
pub mod payload;
