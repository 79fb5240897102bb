//! What operators watch: the metrics, the ids of requests, the log, and the dashboard and alerts that are shipped.

mod counts;
mod dashboards;
mod deliveries;
mod exposition;
mod labels;
mod logs;
mod request_ids;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::process::eventually;
use crate::support::service::{Enterprise, Service};

/// The flags of a service with metrics.
const METRICS: [&str; 2] = ["--metrics-listen", "127.0.0.1:0"];

/// Starts a service with metrics and these flags.
fn start(flags: &[&str]) -> Service {
    Service::start_with(&[&METRICS, flags].concat())
}

/// The metrics of a service at one moment.
struct Scrape {
    text: String,
}

impl Scrape {
    async fn of(service: &Service) -> Self {
        let url = service.metrics.as_ref().expect("it has no metrics");
        let answer = service.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        Self { text: answer.text().await.unwrap() }
    }

    /// The values, by their names with all labels.
    fn values(&self) -> BTreeMap<&str, f64> {
        let lines = self.text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.rsplit_once(' ').map(|(name, value)| (name, value.parse().unwrap())).unwrap()).collect()
    }

    /// A value; `None` if there is none.
    fn value(&self, name: &str) -> Option<f64> {
        self.values().get(name).copied()
    }

    /// The types, by the names of the families.
    fn types(&self) -> BTreeMap<&str, &str> {
        let lines = self.text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        lines.map(|line| line.split_once(' ').unwrap()).collect()
    }
}

/// Waits until a value is there.
async fn becomes(service: &Service, name: &str, value: f64) {
    let what = format!("{name} is {value}");
    eventually(&what, async || (Scrape::of(service).await.value(name) == Some(value)).then_some(())).await;
}

/// Makes a call as a component without a token, and returns the code.
async fn visit(enterprise: &Enterprise<'_>, class_id: i64) -> i64 {
    let Service { http, url, .. } = enterprise.service;
    let url = format!("{url}/saas/v1/user/visitor/get?sdkappid={}", enterprise.sdkappid);
    let body = crate::support::component::from_page(&json!({ "class_id": class_id }));
    let answer: Value = http.post(url).body(body).send().await.unwrap().json().await.unwrap();
    answer["error_code"].as_i64().unwrap()
}
