//! What holds for every call and for the service as a whole.

mod command_line;
mod copying;
mod faults;
mod hostile;
mod limits;
mod monitoring;
mod openapi;
mod page_headers;
mod properties;
mod protocols;
mod tenancy;
mod transport;
mod upgrade;
