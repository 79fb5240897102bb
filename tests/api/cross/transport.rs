//! HTTP: what real clients send, and what all answers have in common.

mod bodies;
mod connections;
mod methods;
mod origins;
