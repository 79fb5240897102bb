//! What a receiver is sent, when, how often, and in which order.
