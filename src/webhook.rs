//! Delivery of events: relays the outbox, claims due deliveries, signs and sends them, and settles their outcomes. It depends on
//! no protocol: a [`Formatter`] for each kind of endpoint composes the requests and checks the acknowledgements.
//!
//! One thread does all of this. It holds its claims under a lease that it renews, so that the claims of a crashed process
//! expire. Settling requires the token of the lease. `docs/callbacks.md` is the contract with receivers.

mod attempt;
mod claim;
mod deliveries;
mod dispatcher;
mod endpoint;
mod meter;
mod receiver;
mod retention;
mod settings;
mod signature;

pub use deliveries::Deliveries;
pub use endpoint::{Endpoint, Formatter, Formatters, Message};
pub use meter::DeliveryMeter;
pub use retention::Retention;
pub use settings::Settings;
