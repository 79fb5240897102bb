//! What an operator watches of the delivery of events.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::store::events::delivery::{Outcome, State};

/// The upper bounds of the buckets, in seconds. The default time limit of a callback is ten seconds.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The counts of this process. Clones share them.
#[derive(Clone)]
pub struct DeliveryMeter {
    attempts: Family<OutcomeLabels, Counter>,
    durations: Histogram,
    pub(super) in_flight: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

impl Default for DeliveryMeter {
    fn default() -> Self {
        Self { attempts: Family::default(), durations: Histogram::new(BUCKETS), in_flight: Gauge::default() }
    }
}

impl DeliveryMeter {
    /// Counts an attempt.
    pub(super) fn count(&self, outcome: &Outcome) {
        let millis = u64::try_from(outcome.attempt.duration).unwrap_or_default();
        self.durations.observe(Duration::from_millis(millis).as_secs_f64());
        let outcome = match outcome.state() {
            State::Delivered => "delivered",
            State::Dead => "dead",
            _ => "retry",
        };
        self.attempts.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Adds what was counted to a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("lectern_delivery_attempts", "Attempts to deliver an event", self.attempts.clone());
        registry.register(
            "lectern_delivery_duration_seconds",
            "Time of an attempt to deliver an event",
            self.durations.clone(),
        );
        registry.register(
            "lectern_deliveries_in_flight",
            "Callbacks that are being sent by this instance",
            self.in_flight.clone(),
        );
    }
}
