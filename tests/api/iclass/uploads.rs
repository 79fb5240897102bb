//! Uploaded files: storing, serving, links and removal.

mod links;
mod serving;
mod storing;

use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::support::PATIENCE;
use crate::support::database::storage_url;
use crate::support::service::{Enterprise, Service};

impl Enterprise<'_> {
    fn upload_url(&self, query: &str) -> String {
        format!("{}&{query}", self.signed("document/upload"))
    }

    async fn try_upload(&self, query: &str, body: impl Into<reqwest::Body>) -> Value {
        let sent = self.service.http.post(self.upload_url(query)).body(body).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        sent.json().await.unwrap()
    }

    async fn upload(&self, query: &str, body: impl Into<reqwest::Body>) -> String {
        let answer = self.try_upload(query, body).await;
        assert_eq!(answer["error_code"], 0, "{answer}");
        answer["doc_url"].as_str().unwrap().to_owned()
    }

    async fn add_upload(&self, doc_url: &str) -> String {
        let added = self.ok("document/add", json!({"doc_url": doc_url, "owner": "t", "permission": "private"})).await;
        added["doc_id"].as_str().unwrap().to_owned()
    }
}

impl Service {
    async fn get(&self, url: &str) -> Response {
        self.http.get(url).send().await.unwrap()
    }

    async fn get_with(&self, url: &str, headers: &[(&'static str, &str)]) -> Response {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        self.http.get(url).headers(headers).send().await.unwrap()
    }

    async fn status(&self, url: &str) -> StatusCode {
        self.get(url).await.status()
    }

    /// The number of folders in the storage.
    fn stored(&self) -> usize {
        let url = storage_url(self.database_url());
        std::fs::read_dir(url.strip_prefix("file://").unwrap()).unwrap().count()
    }

    async fn until_stored(&self, wanted: usize) {
        let begun = Instant::now();
        while self.stored() != wanted {
            assert!(begun.elapsed() < PATIENCE, "{} folders, not {wanted}", self.stored());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Bytes without a repeating pattern.
fn content(size: usize) -> Vec<u8> {
    (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).take(size).collect()
}
