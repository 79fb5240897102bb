//! How callbacks are signed and numbered, also during a key rotation.

use std::collections::HashSet;

use lectern::clock::Clock;
use lectern::domain::tenancy::{callback_key, enterprise};
use lectern::protocol::iclass::sign;
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::assert_signed;
use crate::support::receiver::{Receiver, Reply, Request};
use crate::support::service::{BEGIN, Service};
use crate::support::webhooks::{begun_class, start, subscribed, test_events, tried};

/// Whether the Standard Webhooks headers of a request are valid under this secret.
pub fn proves(request: &Request, secret: &str) -> bool {
    let headers: HeaderMap = request
        .headers
        .iter()
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
        .collect();
    Webhook::new(secret).unwrap().verify(request.raw.as_bytes(), &headers).is_ok()
}

async fn webhook_secret(service: &Service, sdkappid: i64) -> String {
    service.app.db.read(move |conn| enterprise::require(conn, sdkappid)).await.unwrap().webhook_secret
}

#[tokio::test]
async fn an_event_comes_as_a_post_of_json_signed_in_the_query_and_in_the_body() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;

    let requests = receiver.wait_for(1).await;
    let request = &requests[0];
    assert_signed(request, &enterprise);
    assert_eq!(request.path, "/events");
    assert_eq!(request.header("content-type"), "application/json");
    assert!(request.header("user-agent").starts_with("Lectern/"));
    assert_eq!(
        request.body,
        json!({"event": "class_begin", "data": {"class_id": class_id, "real_start_time": BEGIN},
            "expire_time": BEGIN + 3600, "sign": sign::sign(&enterprise.tic_key, BEGIN + 3600)})
    );
    let names: HashSet<&str> = request.query.keys().map(String::as_str).collect();
    assert_eq!(names, HashSet::from(["sdkappid", "random", "expire_time", "sign"]));
}

#[tokio::test]
async fn the_query_of_the_address_itself_is_kept() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &format!("{}?school=%E5%AD%A6&tag=a%26b", receiver.url)).await;
    test_events(&enterprise, 1).await;
    let requests = receiver.wait_for(1).await;
    assert!(requests[0].target.starts_with("/events?school=%E5%AD%A6&tag=a%26b&sdkappid="), "{}", requests[0].target);
    assert_eq!((requests[0].query["school"].as_str(), requests[0].query["tag"].as_str()), ("学", "a&b"));
    assert_signed(&requests[0], &enterprise);
}

#[tokio::test]
async fn a_callback_is_signed_with_the_new_key_after_a_rotation() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let mut enterprise = subscribed(&service, &receiver.url).await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let rotated =
        service.app.db.write(move |conn| enterprise::rotate_key(conn, sdkappid, 3_600_000, now)).await.unwrap();
    enterprise.tic_key = rotated.tic_key;
    test_events(&enterprise, 1).await;
    assert_signed(&receiver.wait_for(1).await[0], &enterprise);
}

#[tokio::test]
async fn a_callback_key_signs_callbacks_and_no_calls() {
    const KEY: &str = "0123456789abcdefghij";
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let sdkappid = enterprise.sdkappid;
    let set = async |key: &str| {
        let key = key.to_owned();
        service.app.db.write(move |conn| callback_key::set(conn, sdkappid, &key)).await
    };
    for wrong in ["short", "with a blank in its middle", &enterprise.tic_key] {
        let refused = set(wrong).await.unwrap_err().to_string();
        assert!(refused.starts_with("callback key of the enterprise: must "), "{refused}");
    }
    set(KEY).await.unwrap();
    test_events(&enterprise, 1).await;
    let request = receiver.wait_for(1).await[0].clone();
    let expire_time = request.query["expire_time"].parse().unwrap();
    let sign = sign::sign(KEY, expire_time);
    assert_eq!((request.query["sign"].as_str(), request.body["sign"].as_str()), (&*sign, Some(&*sign)));
    let url = format!("{}/paas/v1/user/list?sdkappid={sdkappid}&expire_time={expire_time}&sign={sign}", service.url);
    let answer: Value = service.http.post(url).body("{}").send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["error_code"], 10217, "{answer}");
    enterprise.ok("user/list", json!({})).await;

    let rotated = service.app.db.write(move |conn| callback_key::rotate(conn, sdkappid)).await.unwrap();
    test_events(&enterprise, 1).await;
    let request = receiver.wait_for(2).await[1].clone();
    assert_eq!(request.query["sign"], sign::sign(&rotated, request.query["expire_time"].parse().unwrap()));
    set("").await.unwrap();
    test_events(&enterprise, 1).await;
    assert_signed(&receiver.wait_for(3).await[2], &enterprise);
}

#[tokio::test]
async fn standard_webhooks_headers_prove_the_body() {
    let service = start(&[]);
    // The verifying library requires a time near the system clock.
    service.clock.set(Clock::System.now());
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 1).await;
    let requests = receiver.wait_for(1).await;
    assert!(proves(&requests[0], &webhook_secret(&service, enterprise.sdkappid).await));
    assert!(!proves(&requests[0], "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assert_eq!(requests[0].number("webhook-timestamp"), service.now());

    let changed = Request {
        method: String::new(),
        target: String::new(),
        path: String::new(),
        query: requests[0].query.clone(),
        headers: requests[0].headers.clone(),
        raw: requests[0].raw.replace("callback_test", "callback_tesT"),
        body: Value::Null,
        connection: 0,
        at_once: 0,
    };
    assert!(!proves(&changed, &webhook_secret(&service, enterprise.sdkappid).await));
}

#[tokio::test]
async fn during_a_rotation_both_secrets_prove_the_body_and_after_it_only_the_new_one() {
    const GRACE: i64 = 200_000;
    let service = start(&[]);
    service.clock.set(Clock::System.now());
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let old = webhook_secret(&service, sdkappid).await;
    let rotate = move |conn: &mut _| enterprise::rotate_webhook_secret(conn, sdkappid, GRACE, now);
    let new = service.app.db.write(rotate).await.unwrap().webhook_secret;
    assert_ne!(old, new);

    test_events(&enterprise, 1).await;
    receiver.wait_for(1).await;
    service.clock.set(now + GRACE);
    test_events(&enterprise, 1).await;
    receiver.wait_for(2).await;
    service.clock.set(now + GRACE + 1);
    test_events(&enterprise, 1).await;
    let requests = receiver.wait_for(3).await;
    let proved: Vec<(bool, bool)> = requests.iter().map(|r| (proves(r, &new), proves(r, &old))).collect();
    assert_eq!(proved, [(true, true), (true, true), (true, false)]);
}

#[tokio::test]
async fn an_event_has_one_id_over_all_attempts_and_a_number_in_its_class() {
    let service = start(&["--callback-retry-seconds", "0.5"]);
    let receiver =
        Receiver::answering(|request| if request.number("lectern-attempt") < 3 { Reply::Close } else { Reply::Ack });
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;
    tried(&enterprise, 1).await;
    service.clock.set(service.clock.now() + 500);
    tried(&enterprise, 2).await;
    service.clock.set(service.clock.now() + 500);
    receiver.wait_for(3).await;
    receiver.answer(|_| Reply::Ack);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    test_events(&enterprise, 1).await;

    let requests = receiver.wait_for(5).await;
    let events = enterprise.ok("event/list", json!({})).await["list"].clone();
    let id = |nth: usize| format!("evt_{}", events[nth]["event_id"]);
    let mut published: Vec<(String, i64, i64)> = requests
        .iter()
        .map(|r| (r.header("webhook-id").to_owned(), r.number("lectern-sequence"), r.number("lectern-attempt")))
        .collect();
    // The test event belongs to no class and waits for no other event.
    published[3..].sort();
    assert_eq!(published, [(id(0), 1, 1), (id(0), 1, 2), (id(0), 1, 3), (id(1), 2, 1), (id(2), 0, 1)]);
}
