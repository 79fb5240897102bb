//! The log as text and as JSON, and the ids of requests in it.

use serde_json::Value;

use crate::support::database::Database;
use crate::support::process::{Process, eventually};

const DEBUG: [&str; 4] = ["--log", "lectern=debug", "--trusted-proxies", "127.0.0.1"];

/// Sends a request that is refused, with an id.
async fn ask(server: &Process, id: &str) {
    let url = format!("{}/paas/v1/class/info?sdkappid=1&sign=SECRET", server.url);
    let request = reqwest::Client::builder().no_proxy().build().unwrap().post(url).body("{}");
    request.header("X-Request-Id", id).send().await.unwrap();
}

/// The line of a request.
async fn line_of(server: &Process, id: &str) -> String {
    let lines = async || server.logged(id).into_iter().find(|line| line.contains("/paas/v1/class/info"));
    eventually("the request is logged", lines).await
}

#[tokio::test]
async fn a_line_of_text_has_the_id_of_its_request() {
    let database = Database::create();
    let server = Process::start(&database.url, &DEBUG);
    ask(&server, "first-1").await;
    let line = line_of(&server, "first-1").await;
    assert!(line.starts_with('[') && line.contains(" DEBUG "), "{line}");
    assert!(line.contains(" first-1] 127.0.0.1 POST /paas/v1/class/info 200 "), "{line}");
    assert!(!line.contains("SECRET"), "{line}");
}

#[tokio::test]
async fn every_line_of_json_can_be_read_by_a_program() {
    let database = Database::create();
    let server = Process::start(&database.url, &[&DEBUG[..], &["--log-format", "json"]].concat());
    ask(&server, "first-1").await;
    let line: Value = serde_json::from_str(&line_of(&server, "first-1").await).unwrap();
    assert_eq!((&line["level"], &line["request_id"]), (&"DEBUG".into(), &"first-1".into()));
    assert!(line["message"].as_str().unwrap().starts_with("127.0.0.1 POST /paas/v1/class/info 200 "), "{line}");
    for line in server.logged("") {
        let line: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let time = line["time"].as_str().unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
        assert!(line["target"].is_string() && line["message"].is_string(), "{line}");
    }
}
