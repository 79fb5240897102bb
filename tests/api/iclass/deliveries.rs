//! Deliveries to webhooks: their order, their share of connections, changes of settings, and what outlives a restart.

mod durability;
mod order;
mod settings;
mod share;
