//! What real clients send, and what every answer looks like, whatever the call.

mod bodies;
mod connections;
mod methods;
