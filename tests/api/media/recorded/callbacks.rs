//! The addresses of the recording service: who gets the events of a recording that was requested by a call.

use lectern::domain::tenancy::enterprise::Draft;
use serde_json::{Value, json};

use super::recording_service;
use crate::support::process::eventually;
use crate::support::receiver::Receiver;
use crate::support::service::{Enterprise, Service};

/// A call of the recording service.
pub async fn call(enterprise: &Enterprise<'_>, name: &str, body: Value) -> Value {
    let url = enterprise.signed("x").replace("/paas/v1/x", &format!("/record/v1/{name}"));
    let sent = enterprise.service.http.post(url).body(body.to_string()).send().await.unwrap();
    sent.json().await.unwrap()
}

pub async fn ok(enterprise: &Enterprise<'_>, name: &str, body: Value) -> Value {
    let answer = call(enterprise, name, body).await;
    assert_eq!(answer["error_code"], 0, "{name}: {answer}");
    answer
}

/// Without `ffmpeg`, videos fail at once where no other instance may have it.
fn service() -> Service {
    recording_service(&["--recording-least-free-bytes", "1000000", "--ffmpeg", "/nowhere/ffmpeg"])
}

async fn enterprise<'a>(service: &'a Service, receiver: &Receiver) -> Enterprise<'a> {
    let draft = Draft { name: "Test".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
    service.enterprise_of(draft).await
}

/// The events of recordings that a receiver got, once it has as many.
async fn got(receiver: &Receiver, n: usize) -> Vec<String> {
    eventually("events of recordings", async || {
        let all = receiver.requests();
        let names = all.iter().map(|request| request.event()).filter(|name| name.starts_with("online_record"));
        let names: Vec<String> = names.map(str::to_owned).collect();
        (names.len() >= n).then_some(names)
    })
    .await
}

async fn begun(enterprise: &Enterprise<'_>, fields: Value) -> i64 {
    let class_id = enterprise.class(fields).await;
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    class_id
}

#[tokio::test]
async fn events_of_a_requested_recording_go_to_the_address_of_the_service_and_those_of_booked_ones_do_not() {
    let (service, everything, online, offline) = (service(), Receiver::start(), Receiver::start(), Receiver::start());
    let enterprise = enterprise(&service, &everything).await;
    ok(&enterprise, "online/callback", json!({ "callback": online.url })).await;
    ok(&enterprise, "offline/callback", json!({ "callback": offline.url })).await;
    begun(&enterprise, json!({"record_types": ["remote"]})).await;
    assert_eq!(got(&everything, 1).await, ["online_record_start"]);
    let class_id = begun(&enterprise, json!({})).await;
    let task_id = ok(&enterprise, "online/start", json!({ "class_id": class_id })).await["task_id"].clone();
    assert_eq!(got(&online, 1).await, ["online_record_start"]);
    assert_eq!(online.requests()[0].body["data"]["class_id"], class_id);
    ok(&enterprise, "online/stop", json!({ "class_id": class_id })).await;
    if service.app.db.is_embedded() {
        assert_eq!(got(&online, 2).await, ["online_record_start", "online_record_stop"]);
        ok(&enterprise, "offline/create", json!({ "task_id": task_id })).await;
        assert_eq!(got(&offline, 1).await, ["online_record_stop"]);
        assert_eq!(got(&online, 2).await.len(), 2);
    }
    assert_eq!(got(&everything, 1).await.len(), 1);
    // They are deliveries of the enterprise like all others.
    let listed = enterprise.ok("callback/list", json!({ "class_id": class_id })).await;
    let listed: Vec<&Value> = listed["list"].as_array().unwrap().iter().map(|row| &row["event"]).collect();
    assert!(listed.contains(&&json!("online_record_start")), "{listed:?}");
}

#[tokio::test]
async fn without_an_address_of_its_own_the_service_uses_that_of_the_enterprise() {
    let (service, everything, online) = (service(), Receiver::start(), Receiver::start());
    let enterprise = enterprise(&service, &everything).await;
    ok(&enterprise, "online/callback", json!({ "callback": online.url })).await;
    ok(&enterprise, "online/callback", json!({"callback": ""})).await;
    let class_id = begun(&enterprise, json!({})).await;
    ok(&enterprise, "online/start", json!({ "class_id": class_id })).await;
    assert_eq!(got(&everything, 1).await, ["online_record_start"]);
    assert_eq!(online.requests().len(), 0);
}

#[tokio::test]
async fn an_address_must_be_one() {
    let service = service();
    let receiver = Receiver::start();
    let enterprise = enterprise(&service, &receiver).await;
    for name in ["online/callback", "offline/callback"] {
        for wrong in [json!({}), json!({"callback": "ftp://example.com"}), json!({"callback": 1})] {
            let answer = call(&enterprise, name, wrong).await;
            assert_eq!(answer["error_code"], 10003, "{answer}");
            assert!(answer["error_msg"].as_str().unwrap().contains("callback"), "{answer}");
        }
    }
}
