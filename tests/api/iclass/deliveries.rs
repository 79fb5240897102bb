//! Deliveries: order, share of connections, changes of settings, and restarts.

mod durability;
mod order;
mod settings;
mod share;
