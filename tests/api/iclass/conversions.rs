//! Conversions: their events, retries, and the order of the queue.

mod originals;
mod progress;
mod queue;
mod retries;
mod stalling;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::support::converter::Scripted;
use crate::support::receiver::{Receiver, Reply, Request};
use crate::support::service::{Enterprise, Service};

/// The content of the original.
const CONTENT: &str = "twenty slides";

/// Starts a service with this converter, which may deliver to and fetch from this machine.
pub fn start(converter: Arc<Scripted>, flags: &[&str]) -> Service {
    let allowed = ["--callback-allow-private", "true", "--document-allow-private", "true"];
    Service::converting(converter, &[&allowed[..], flags].concat())
}

/// A host that serves a document.
pub fn host() -> Receiver {
    Receiver::answering(|_| Reply::Whole(200, "application/octet-stream", CONTENT.to_owned()))
}

/// The data of the conversion events, in order.
pub fn published(requests: &[Arc<Request>]) -> Vec<Value> {
    let events = requests.iter().filter(|request| request.body["event"] == "transport_progress");
    events.map(|request| request.body["data"].clone()).collect()
}

/// Waits for the events of `count` finished conversions, and returns the data of all events.
pub async fn wait_for_finished(receiver: &Receiver, count: usize) -> Vec<Value> {
    let done = |requests: &[Arc<Request>]| {
        published(requests).iter().filter(|data| data["status"] == "finished").count() >= count
    };
    published(&receiver.wait_until(&format!("{count} conversions"), done).await)
}

/// Status and progress.
pub fn steps(published: &[Value]) -> Vec<(String, i64)> {
    published
        .iter()
        .map(|data| (data["status"].as_str().unwrap().to_owned(), data["progress"].as_i64().unwrap()))
        .collect()
}

pub fn step(status: &str, progress: i64) -> (String, i64) {
    (status.to_owned(), progress)
}

/// Adds a document with a conversion.
pub async fn convert(enterprise: &Enterprise<'_>, host: &Receiver, mut fields: Value) -> String {
    let name = fields["doc_name"].as_str().unwrap_or("lesson").to_owned();
    fields["doc_url"] = json!(format!("{}/{name}.pptx", host.url));
    fields["is_transcode"] = json!(true);
    enterprise.ok("document/add", fields).await["doc_id"].as_str().unwrap().to_owned()
}

pub async fn document(enterprise: &Enterprise<'_>, doc_id: &str) -> Value {
    enterprise.ok("document/info", json!({ "doc_id": doc_id })).await
}
