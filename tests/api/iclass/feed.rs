//! Reading events and deliveries, and replaying deliveries.

mod command_line;
mod reading;
mod replaying;
