//! The settings of the delivery of events.

use std::time::Duration;

/// How deliveries are made.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a whole exchange may take.
    pub timeout: Duration,
    /// How many attempts follow one that failed, before the delivery is dead.
    pub retries: i64,
    /// How long after a failure.
    pub retry_after: Duration,
    /// How many deliveries one endpoint gets at once.
    pub connections: usize,
    /// Whether addresses inside networks may be sent to.
    pub allow_private: bool,
}
