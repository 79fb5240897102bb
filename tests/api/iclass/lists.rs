//! The common behavior of the five lists: offset and size, `total` and `finish`, a stable order, literal prefixes, and filters.

mod filters;
mod pages;

use serde_json::Value;

use crate::support::service::Enterprise;

/// The `field` of each row of a list.
async fn column(enterprise: &Enterprise<'_>, call: &str, asked: Value, field: &str) -> Vec<String> {
    let list = enterprise.ok(call, asked).await;
    let rows = list["list"].as_array().unwrap();
    rows.iter().map(|row| row[field].as_str().map_or_else(|| row[field].to_string(), str::to_owned)).collect()
}
