//! Coming back to a class after the connection broke, and following it through several instances.

use serde_json::{Value, json};

use super::class_of_two;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::service::Service;

fn said(class_id: i64, content: &str) -> Value {
    json!({ "class_id": class_id, "content": content })
}

fn contents(messages: &[Value]) -> Vec<&str> {
    let said = messages.iter().filter(|message| message["event"] == "message");
    said.map(|message| message["data"]["content"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_client_that_reconnects_receives_what_it_missed_in_order_and_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut speaking, _) = Channel::enter(&teacher, class_id).await;
    let (mut listening, _) = Channel::enter(&pupil, class_id).await;
    speaking.ok("imstorage/send", said(class_id, "one")).await;
    let first = listening.message_where(|message| message["event"] == "message").await;
    let last = first["sequence"].as_i64().unwrap();
    drop(listening);
    for content in ["two", "three", "four"] {
        speaking.ok("imstorage/send", said(class_id, content)).await;
    }
    let (mut back, welcome) = Channel::enter_again(&pupil, class_id, last).await;
    assert!(welcome["snapshot"].is_null(), "{welcome}");
    let (pong, missed) = back.ping().await;
    assert_eq!(contents(&missed), ["two", "three", "four"]);
    assert_eq!(pong["sequence"], welcome["sequence"]);
    let sequences: Vec<i64> = missed
        .iter()
        .filter(|message| message["type"] == "event")
        .map(|event| event["sequence"].as_i64().unwrap())
        .collect();
    assert!(sequences.is_sorted() && sequences[0] > last, "{sequences:?}");
}

#[tokio::test]
async fn who_missed_too_much_or_knows_a_number_that_is_not_there_gets_a_snapshot() {
    let service = Service::start_with(&["--limit-messages-per-account", "off"]);
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut speaking, welcome) = Channel::enter(&teacher, class_id).await;
    let (_, welcome_of_pupil) = Channel::enter(&pupil, class_id).await;
    let (_, answer) = Channel::enter_again(&pupil, class_id, 1_000_000).await;
    assert!(answer["snapshot"].is_object(), "{answer}");
    let missed = 1_050;
    for number in 0..missed {
        // Over HTTP, because messages over a connection have a rate.
        teacher.ok("imstorage/send", said(class_id, &number.to_string())).await;
        if number % 100 == 0 {
            // On a slow machine this takes longer than a connection may be silent.
            speaking.ping().await;
        }
    }
    let last = welcome_of_pupil["sequence"].as_i64().unwrap();
    let (_, answer) = Channel::enter_again(&pupil, class_id, last).await;
    let messages = answer["snapshot"]["messages"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(messages.last().unwrap()["content"], (missed - 1).to_string());
    assert!(answer["sequence"].as_i64().unwrap() >= welcome["sequence"].as_i64().unwrap() + missed);
    speaking.ping().await;
}

#[tokio::test]
#[ignore = "needs several instances, so PostgreSQL"]
async fn what_one_instance_commits_is_sent_by_all() {
    let one = Service::start();
    let other = Service::start_beside(&one, one.clock.clone());
    let enterprise = one.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let elsewhere = Component { service: &other, user_id: pupil.user_id.clone(), token: pupil.token.clone(), ..pupil };
    let (mut speaking, _) = Channel::enter(&teacher, class_id).await;
    let (mut listening, _) = Channel::enter(&elsewhere, class_id).await;
    for number in 0..20 {
        speaking.ok("imstorage/send", said(class_id, &number.to_string())).await;
        assert_eq!(listening.event("message").await["content"], number.to_string());
    }
    speaking.send(&json!({"type": "signal", "kind": "laser", "data": {"page": "w1", "x": 1, "y": 2}})).await;
    let signal = listening.message_where(|message| message["type"] == "signal" && message["kind"] == "laser").await;
    assert_eq!((&signal["user_id"], &signal["data"]["y"]), (&json!("li"), &json!(2)));
}

#[tokio::test]
#[ignore = "needs several instances, so PostgreSQL"]
async fn who_followed_an_instance_that_is_gone_goes_on_at_another() {
    let mut one = Service::start();
    let other = Service::start_beside(&one, one.clock.clone());
    let (class_id, last, pupil_token, sdkappid) = {
        let enterprise = one.enterprise().await;
        let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
        let (mut speaking, _) = Channel::enter(&teacher, class_id).await;
        let (mut listening, _) = Channel::enter(&pupil, class_id).await;
        speaking.ok("imstorage/send", said(class_id, "before")).await;
        let heard = listening.message_where(|message| message["event"] == "message").await;
        teacher.ok("imstorage/send", said(class_id, "meanwhile")).await;
        (class_id, heard["sequence"].as_i64().unwrap(), pupil.token.clone(), pupil.sdkappid)
    };
    one.stop();
    let pupil = Component { service: &other, sdkappid, user_id: "wang".into(), token: pupil_token };
    let (mut back, _) = Channel::enter_again(&pupil, class_id, last).await;
    let (_, missed) = back.ping().await;
    assert_eq!(contents(&missed), ["meanwhile"]);
}
