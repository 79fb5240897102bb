//! The dashboard and the alert rules in `deploy/` ask for metrics that exist.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{Scrape, start, visit};
use crate::support::receiver::Receiver;
use crate::support::webhooks::{subscribed, test_events};

/// The queries of the dashboard.
fn of_dashboard() -> Vec<String> {
    let text = fs::read_to_string("deploy/grafana-dashboard.json").unwrap();
    let mut queries = Vec::new();
    collect(&serde_json::from_str(&text).unwrap(), &mut queries);
    queries
}

fn collect(value: &Value, queries: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(query) if name == "expr" || name == "query" => queries.push(query.to_owned()),
                    _ => collect(field, queries),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, queries)),
        _ => {}
    }
}

/// The queries of the alert rules, each of which is on one line.
fn of_alerts() -> Vec<String> {
    let text = fs::read_to_string("deploy/alerts.yml").unwrap();
    let queries: Vec<String> =
        text.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).map(str::to_owned).collect();
    assert_eq!(queries.len(), text.matches("- alert: ").count());
    queries
}

/// The names of the metrics in a query. Ours begin with these words.
fn names(query: &str) -> BTreeSet<&str> {
    let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("lectern_") || word.starts_with("process_")).collect()
}

/// The names of the values in the metrics.
fn shown(scrape: &Scrape) -> BTreeSet<&str> {
    scrape.values().into_keys().map(|name| name.split('{').next().unwrap()).collect()
}

#[test]
fn names_are_found_in_queries() {
    let query = "histogram_quantile(0.5, sum by (le) (rate(lectern_a_seconds_bucket{job=\"x\"}[5m]))) > lectern_b";
    assert_eq!(names(query), BTreeSet::from(["lectern_a_seconds_bucket", "lectern_b"]));
}

#[tokio::test]
async fn the_dashboard_and_the_alerts_ask_for_metrics_that_exist() {
    let service = start(&["--limit-visitors-per-address", "1/h", "--callback-allow-private", "true"]);
    if !service.app.db.is_embedded() {
        // Some of them are about SQLite.
        return;
    }
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({"class_type": "public"})).await;
    visit(&enterprise, class_id).await;
    visit(&enterprise, class_id).await;
    test_events(&enterprise, 1).await;
    super::becomes(&service, "lectern_delivery_attempts_total{outcome=\"delivered\"}", 1.0).await;
    let scrape = Scrape::of(&service).await;
    let shown = shown(&scrape);
    let mut asked = BTreeSet::new();
    let queries = [of_dashboard(), of_alerts()].concat();
    assert!(queries.len() > 40);
    for query in &queries {
        for name in names(query) {
            assert!(shown.contains(name), "{name} of {query}");
            asked.insert(name);
        }
    }
    assert!(asked.len() > 25, "{asked:?}");
}
