//! What programs and operators see of events and deliveries, and what they can do about them.

mod command_line;
mod reading;
mod replaying;
