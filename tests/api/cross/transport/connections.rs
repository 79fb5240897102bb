//! Requests on one connection: 100-continue, pipelining, chunks, errors.

use serde_json::json;

use crate::support::raw::{Raw, head};
use crate::support::service::Service;

#[tokio::test]
async fn a_client_that_expects_100_continue_gets_it_before_it_sends_the_body() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = json!({"teacher_id": "t"}).to_string();
    let mut raw = Raw::connect(&service.url);
    for _ in 0..2 {
        raw.send(head("POST", &enterprise.signed("class/create"), "Expect: 100-continue\r\n", body.len()));
        assert_eq!(raw.read("POST").status, 100);
        raw.send(&body);
        assert_eq!(raw.read("POST").code(), 0);
    }
    assert_eq!(enterprise.ok("class/list", json!({})).await["total"], 2);
}

#[tokio::test]
async fn a_connection_outlives_refusals() {
    let service = Service::start_with(&["--body-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let info = enterprise.signed("business/info");
    let class_info = enterprise.signed("class/info");
    let mut raw = Raw::connect(&service.url);
    for _ in 0..3 {
        assert_eq!(raw.post(&info, "", "").code(), 0);
        assert_eq!(raw.post(&info.replace("sign=", "sign=0"), "", "{}").code(), 10217);
        assert_eq!(raw.post(&info.replace("sdkappid=", "sdkappid=9"), "", "{}").code(), 10270);
        assert_eq!(raw.post(&class_info, "", "{").code(), 10000);
        assert_eq!(raw.post(&class_info, "", r#"{"class_id":1}"#).code(), 10230);
        assert_eq!(raw.post(&class_info, "", vec![b' '; 200_000]).code(), 10005);
        assert_eq!(raw.post(&class_info.replace("sign=", "sign=0"), "", vec![b' '; 200_000]).code(), 10217);
        raw.request("PUT", &class_info, "", vec![b' '; 200_000]);
        assert_eq!(raw.read("PUT").status, 405);
        assert_eq!(raw.post(&enterprise.signed("no/such"), "", "{}").status, 404);
        raw.request("OPTIONS", &class_info, "", "");
        assert_eq!(raw.read("OPTIONS").status, 204);
    }
}

#[tokio::test]
async fn requests_may_be_sent_before_the_answers_are_read() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let mut raw = Raw::connect(&service.url);
    let url = enterprise.signed("class/create");
    raw.request("POST", &url, "", r#"{"teacher_id":"t","class_topic":"first"}"#);
    raw.request("POST", &url, "", r#"{"teacher_id":"t","class_topic":"second"}"#);
    raw.request("POST", &url, "", "{");
    raw.request("POST", &enterprise.signed("class/list"), "", r#"{"create_time_desc":false}"#);
    let (first, second) = (raw.read("POST").json(), raw.read("POST").json());
    assert_eq!(raw.read("POST").code(), 10000);
    let rows = raw.read("POST").json();
    assert_eq!(rows["total"], 2);
    for (row, (answer, topic)) in [(first, "first"), (second, "second")].into_iter().enumerate() {
        let row = &rows["list"][row];
        assert_eq!((&row["class_id"], &row["class_topic"]), (&answer["class_id"], &json!(topic)));
    }
}

#[tokio::test]
async fn a_body_may_come_in_chunks() {
    let service = Service::start_with(&["--body-limit-bytes", "1000"]);
    let enterprise = service.enterprise().await;
    let url = enterprise.signed("class/create");
    let mut raw = Raw::connect(&service.url);
    let chunked =
        |url: &str| head("POST", url, "Transfer-Encoding: chunked\r\n", 0).replace("Content-Length: 0\r\n", "");
    raw.send(chunked(&url));
    for part in [r#"{"teacher_id":"#, r#""t","class_"#, r#"topic":"课"#, r#"堂"}"#] {
        raw.send(format!("{:x}\r\n{part}\r\n", part.len()));
    }
    raw.send("0\r\n\r\n");
    let class_id = raw.read("POST").json()["class_id"].clone();
    assert_eq!(enterprise.ok("class/info", json!({ "class_id": class_id })).await["class_topic"], "课堂");

    // Too large in total, without a Content-Length.
    raw.send(chunked(&url));
    for _ in 0..11 {
        raw.send(format!("64\r\n{}\r\n", " ".repeat(100)));
    }
    raw.send("0\r\n\r\n");
    assert_eq!(raw.read("POST").code(), 10005);
    raw.send(chunked(&enterprise.signed("business/info")));
    raw.send("0\r\n\r\n");
    assert_eq!(raw.read("POST").code(), 0);
}
