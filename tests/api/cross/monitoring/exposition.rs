//! Where the metrics are, and the names and types that dashboards rely on.

use serde_json::json;

use super::{Scrape, start, visit};
use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::webhooks::{subscribed, test_events};

/// What every instance shows, some of it once something has happened.
const SHOWN: [(&str, &str); 25] = [
    ("lectern_build_info", "gauge"),
    ("process_start_time_seconds", "gauge"),
    ("lectern_database_up", "gauge"),
    ("lectern_database_connections", "gauge"),
    ("lectern_database_connections_waiting", "gauge"),
    ("lectern_database_busy_total", "counter"),
    ("lectern_outbox_entries", "gauge"),
    ("lectern_outbox_oldest_age_seconds", "gauge"),
    ("lectern_deliveries", "gauge"),
    ("lectern_deliveries_oldest_due_age_seconds", "gauge"),
    ("lectern_deliveries_in_flight", "gauge"),
    ("lectern_delivery_duration_seconds", "histogram"),
    ("lectern_jobs", "gauge"),
    ("lectern_presence_sessions", "gauge"),
    ("lectern_channel_connections", "gauge"),
    ("lectern_channel_classes", "gauge"),
    ("lectern_channel_updates_sent_total", "counter"),
    ("lectern_media_rooms", "gauge"),
    ("lectern_media_sessions", "gauge"),
    ("lectern_media_packets_sent_total", "counter"),
    ("lectern_recordings_running", "gauge"),
    ("lectern_delivery_attempts_total", "counter"),
    ("lectern_requests_total", "counter"),
    ("lectern_request_duration_seconds", "histogram"),
    ("lectern_limit_refusals_total", "counter"),
];
/// What an instance on SQLite shows too.
const OF_SQLITE: [(&str, &str); 4] = [
    ("lectern_database_writes_waiting", "gauge"),
    ("lectern_database_writes_total", "counter"),
    ("lectern_database_write_batches_total", "counter"),
    ("lectern_database_wal_bytes", "gauge"),
];

#[tokio::test]
async fn every_metric_has_its_type_and_a_description() {
    let service = start(&["--limit-visitors-per-address", "1/h", "--callback-allow-private", "true"]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({"class_type": "public"})).await;
    visit(&enterprise, class_id).await;
    visit(&enterprise, class_id).await;
    test_events(&enterprise, 1).await;
    super::becomes(&service, "lectern_delivery_attempts_total{outcome=\"delivered\"}", 1.0).await;

    let scrape = Scrape::of(&service).await;
    let mut expected: Vec<(&str, &str)> = SHOWN.to_vec();
    if service.app.db.is_embedded() {
        expected.extend(OF_SQLITE);
    }
    expected.sort_unstable();
    assert_eq!(scrape.types().into_iter().collect::<Vec<_>>(), expected);
    for (name, _) in expected {
        let about = scrape.text.lines().find_map(|line| line.strip_prefix(&format!("# HELP {name} ")));
        assert!(about.is_some_and(|about| about.len() > 10), "{name}: {about:?}");
    }
}

#[tokio::test]
async fn the_version_and_the_start_are_shown() {
    let service = start(&[]);
    let scrape = Scrape::of(&service).await;
    let version = env!("CARGO_PKG_VERSION");
    assert!(scrape.text.contains(&format!("lectern_build_info{{version=\"{version}\",commit=\"")), "{}", scrape.text);
    let started = scrape.value("process_start_time_seconds").unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    assert!(started <= now && started > now - 3600.0, "{started} {now}");
    assert_eq!(scrape.value("lectern_database_up"), Some(1.0));
}

#[tokio::test]
async fn nothing_else_is_served_there() {
    let service = start(&[]);
    let metrics = service.metrics.clone().unwrap();
    let base = metrics.trim_end_matches("/metrics");
    for path in ["", "/", "/healthz", "/readyz", "/docs/", "/openapi.json", "/paas/v1/class/info", "/metrics/x"] {
        assert_eq!(service.http.get(format!("{base}{path}")).send().await.unwrap().status(), 404, "{path}");
        assert_eq!(service.http.post(format!("{base}{path}")).send().await.unwrap().status(), 404, "{path}");
    }
    assert!(service.http.post(&metrics).send().await.unwrap().status().is_client_error());
    // And the address of the service does not have them.
    assert_eq!(service.http.get(format!("{}/metrics", service.url)).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn there_are_none_unless_they_are_switched_on() {
    let service = Service::start();
    assert_eq!(service.metrics, None);
    assert_eq!(service.http.get(format!("{}/metrics", service.url)).send().await.unwrap().status(), 404);
}
