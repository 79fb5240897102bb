//! `/metrics`: what operators watch, in the text format of Prometheus.
//!
//! What happens often is counted where it happens, in memory (`http::request_meter`, `db::Meter`, `webhook::DeliveryMeter`).
//! Everything else is read when somebody asks; what needs the database at most every few seconds, within limits.

mod backlog;
mod exposition;
mod instance;
mod waiting;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::registry::Registry;

use crate::http::request_meter::RequestMeter;
use crate::state::AppState;
use crate::webhook::DeliveryMeter;
use backlog::LastBacklog;

/// The type of the content.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The metrics of an instance.
pub struct Metrics {
    app: Arc<AppState>,
    requests: Arc<RequestMeter>,
    deliveries: DeliveryMeter,
    backlog: LastBacklog,
    /// When the process started, in seconds since the epoch.
    started: f64,
}

impl Metrics {
    /// The metrics of an instance that starts now.
    #[must_use]
    pub fn new(app: Arc<AppState>, requests: Arc<RequestMeter>, deliveries: DeliveryMeter) -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self { app, requests, deliveries, backlog: LastBacklog::default(), started }
    }

    /// The metrics now.
    pub async fn text(&self) -> String {
        let backlog = self.backlog.read(&self.app.db, self.app.now()).await;
        let mut registry = Registry::default();
        self.requests.register(&mut registry);
        self.deliveries.register(&mut registry);
        instance::register(&self.app, self.started, &mut registry);
        waiting::register(backlog.as_ref(), self.app.now(), &mut registry);
        exposition::text(&registry)
    }
}
