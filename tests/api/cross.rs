//! What holds for every call and for the service as a whole.

mod command_line;
mod copying;
mod faults;
mod hostile;
mod openapi;
mod properties;
mod tenancy;
mod transport;
mod upgrade;
