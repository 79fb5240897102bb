//! The settings of the delivery of events.

use std::time::Duration;

/// The settings of the dispatcher.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a whole exchange may take.
    pub timeout: Duration,
    /// How many retries follow the first attempt before the delivery is dead.
    pub retries: i64,
    /// How long to wait after a failure.
    pub retry_after: Duration,
    /// How many deliveries are sent to one endpoint at once.
    pub connections: usize,
    /// Whether addresses inside private networks are allowed.
    pub allow_private: bool,
}
