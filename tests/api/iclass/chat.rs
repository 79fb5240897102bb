//! Chat groups of classes, at the hosted service or in Lectern, and the messages of the latter.

mod failures;
mod filter;
mod history;
mod hosted_groups;
pub mod images;
mod messages;
mod private;
mod recall;
mod silence;

use std::sync::Arc;

use lectern::clock::Clock;
use serde_json::{Value, json};

use crate::support::receiver::{Receiver, Reply, Request};
use crate::support::service::{BEGIN, Enterprise, Service};

/// A ticket with all characters of tickets that must be escaped in a URL.
pub const TICKET: &str = "eJw1zdEKgj+AYgOF/Pr==*-_";

/// An answer of the hosted service with an `ErrorCode`.
pub fn code(number: i64) -> Reply {
    let status = if number == 0 { "OK" } else { "FAIL" };
    Reply::json(&json!({"ActionStatus": status, "ErrorInfo": "in words", "ErrorCode": number}))
}

/// The body of `class/create` with the hosted service.
pub fn fields() -> Value {
    json!({"teacher_id": "teacher_1", "admin_id": "admin", "admin_sig": TICKET})
}

/// The last segment of the path.
fn command(request: &Request) -> &str {
    request.path.rsplit('/').next().unwrap()
}

fn group(request: &Request) -> &str {
    request.body["GroupId"].as_str().unwrap()
}

/// Whether a request creates the chat group.
fn makes_chat(request: &Request) -> bool {
    command(request) == "create_group" && group(request).ends_with("_chat")
}

/// The requests, such as `create_group 100000001_chat`, in alphabetical order.
fn published(requests: &[Arc<Request>]) -> Vec<String> {
    let mut published: Vec<String> = requests.iter().map(|r| format!("{} {}", command(r), group(r))).collect();
    published.sort_unstable();
    published
}

fn with(command: &str, class_id: i64) -> Vec<String> {
    vec![format!("{command} {class_id}"), format!("{command} {class_id}_chat")]
}

/// A service whose classes have their groups at the hosted service.
pub fn hosted(im: &Receiver) -> Service {
    Service::start_at(Clock::set_at(BEGIN * 1000), &["--im-engine", "tencent", "--im-url", &im.url])
}

/// The class that the last requests were for.
fn class_of(requests: &[Arc<Request>]) -> i64 {
    group(requests.last().unwrap()).trim_end_matches("_chat").parse().unwrap()
}

/// Waits until the requests after the first `before` are these.
async fn came(im: &Receiver, before: usize, expected: &[Vec<String>]) {
    let mut expected = expected.concat();
    expected.sort_unstable();
    let n = before + expected.len();
    let requests = im.wait_for(n).await;
    assert_eq!(published(&requests[before..n]), expected);
}

async fn classes(enterprise: &Enterprise<'_>) -> i64 {
    enterprise.ok("class/list", json!({})).await["total"].as_i64().unwrap()
}
