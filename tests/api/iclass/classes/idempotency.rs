//! Repeated creations with the same idempotency key create one class.

use serde_json::{Value, json};

use super::HOUR;
use crate::support::service::Service;

#[tokio::test]
async fn a_booking_sent_again_under_its_key_is_the_same_class_when_no_more_classes_may_be_made() {
    let service = Service::start_with(&["--limit-classes-per-enterprise", "1/h"]);
    let enterprise = service.enterprise().await;
    let first = enterprise.create_under("key-1", r#"{"teacher_id":"t"}"#).await;
    assert_eq!(first["error_code"], 0, "{first}");
    assert_eq!(enterprise.create_under("key-1", r#"{"teacher_id":"t"}"#).await, first);
    let second = enterprise.create_under("key-2", r#"{"teacher_id":"t"}"#).await;
    assert_eq!(second["error_code"], 10290, "{second}");
}

#[tokio::test]
async fn a_booking_sent_again_under_its_key_is_the_same_class() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let body = r#"{"teacher_id":"t","class_topic":"x","settings":{"fps":20,"layout":1}}"#;
    let first = enterprise.create_under("key-1", body).await;
    assert_eq!(first["error_code"], 0, "{first}");
    assert_eq!(enterprise.create_under("key-1", body).await, first);
    // The order of the fields and the signature in the body do not matter.
    for same in [
        r#"{"settings":{"layout":1,"fps":20},"class_topic":"x","teacher_id":"t"}"#,
        r#"{"teacher_id":"t","class_topic":"x","settings":{"fps":20,"layout":1},"expire_time":1,"sign":"new"}"#,
        r#" { "teacher_id" : "t" , "class_topic" : "\u0078", "settings":{"fps":20,"layout":1} } "#,
    ] {
        assert_eq!(enterprise.create_under("key-1", same).await, first, "{same}");
    }
    assert_eq!(enterprise.total_classes().await, 1);
    let differing = enterprise.create_under("key-1", r#"{"teacher_id":"t","class_topic":"y"}"#).await;
    assert_eq!(differing["error_code"], 10003);
    assert!(differing["error_msg"].as_str().unwrap().contains("Idempotency-Key"), "{differing}");
    assert_eq!(enterprise.total_classes().await, 1);
    // Another key, another enterprise, or no key create other classes.
    let second = enterprise.create_under("key-2", body).await;
    assert_ne!(second["class_id"], first["class_id"]);
    let others = other.create_under("key-1", body).await;
    assert_eq!(others["error_code"], 0);
    assert_ne!(others["class_id"], first["class_id"]);
    assert_eq!((enterprise.total_classes().await, other.total_classes().await), (2, 1));

    service.pass(24 * HOUR);
    assert_eq!(enterprise.create_under("key-1", body).await, first);
    service.pass(1);
    let renewed = enterprise.create_under("key-1", body).await;
    assert_eq!(renewed["error_code"], 0);
    assert_ne!(renewed["class_id"], first["class_id"]);
    assert_eq!(enterprise.create_under("key-1", body).await, renewed);
}

#[tokio::test]
async fn a_refused_booking_does_not_use_up_its_key() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let refused = enterprise.create_under("key", r#"{"teacher_id":"t","start_time":2,"stop_time":1}"#).await;
    assert_eq!(refused["error_code"], 10003);
    let made = enterprise.create_under("key", r#"{"teacher_id":"t","start_time":1,"stop_time":2}"#).await;
    assert_eq!(made["error_code"], 0, "{made}");
    let longest = "k".repeat(255);
    assert_eq!(enterprise.create_under(&longest, r#"{"teacher_id":"t"}"#).await["error_code"], 0);
    for bad in ["", "two words", "schl\u{fc}ssel", "\u{7f}x", &"k".repeat(256)] {
        let request = service.http.post(enterprise.signed("class/create"));
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(bad.as_bytes()) else { continue };
        let answer: Value = request
            .header("Idempotency-Key", value)
            .body(r#"{"teacher_id":"t"}"#)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(answer["error_code"], 10003, "{bad:?}: {answer}");
    }
    assert_eq!(enterprise.total_classes().await, 2);
}

#[tokio::test]
async fn eight_bookings_at_once_under_one_key_make_one_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let body = r#"{"teacher_id":"t","members":[{"user_id":"s","role":"student"}]}"#;
    let answers = futures_util::future::join_all((0..8).map(|_| enterprise.create_under("key", body))).await;
    for answer in &answers {
        assert_eq!((&answer["error_code"], answer), (&json!(0), &answers[0]));
    }
    assert_eq!(enterprise.total_classes().await, 1);
}
