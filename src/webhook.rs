//! Delivery of events: relays what was published, claims what is due, signs and sends it, and settles the outcome. It knows no
//! protocol: a [`Formatter`] for each kind of endpoint says what is sent and which answer acknowledges it.
//!
//! One thread does it all. It holds what it claims under a lease that it renews, so that a crash releases it; settling takes the
//! token of the lease. `docs/callbacks.md` is the contract with a receiver.

mod attempt;
mod claim;
mod deliveries;
mod dispatcher;
mod endpoint;
mod receiver;
mod retention;
mod settings;
mod signature;

pub use deliveries::Deliveries;
pub use endpoint::{Endpoint, Formatter, Formatters, Message};
pub use retention::Retention;
pub use settings::Settings;
