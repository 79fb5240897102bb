//! The worker that delivers events.

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};

use super::dispatcher;
use super::dispatcher::Dispatcher;
use super::endpoint::Formatters;
use super::meter::DeliveryMeter;
use super::settings::Settings;
use crate::http::outgoing::{ANSWER_BYTES, Limits, Outgoing};
use crate::jobs::{Context, Worker};

/// The worker that delivers events.
pub struct Deliveries {
    settings: Settings,
    formatters: Formatters,
    sender: Outgoing,
    meter: DeliveryMeter,
}

impl Deliveries {
    /// A worker that formats events with these formatters.
    ///
    /// # Errors
    /// If TLS can't be set up.
    pub fn new(settings: Settings, formatters: Formatters) -> std::io::Result<Self> {
        let limits = Limits {
            timeout: settings.timeout,
            // The dispatcher limits the connections per endpoint. Several endpoints may share a host.
            connections: dispatcher::EXCHANGES,
            allow_private: settings.allow_private,
            answer_bytes: ANSWER_BYTES,
        };
        let sender = Outgoing::new(limits).map_err(std::io::Error::other)?;
        Ok(Self { settings, formatters, sender, meter: DeliveryMeter::default() })
    }

    /// Counts what the worker does.
    #[must_use]
    pub fn meter(&self) -> &DeliveryMeter {
        &self.meter
    }
}

impl Worker for Deliveries {
    fn name(&self) -> &'static str {
        "event deliveries"
    }

    // Sending may use a whole core, and requests must not wait for it.
    fn has_own_thread(&self) -> bool {
        true
    }

    // One more second to settle the last outcomes.
    fn drain(&self) -> Duration {
        dispatcher::DRAIN + Duration::from_secs(1)
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        let (settings, formatters, sender) = (self.settings.clone(), self.formatters.clone(), self.sender.clone());
        Dispatcher::new(context, settings, formatters, sender, self.meter.clone()).run().boxed()
    }
}
