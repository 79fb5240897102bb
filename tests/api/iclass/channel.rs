//! The channel of a class: signing in, calls, and how connections end.

mod connected;
mod kills;
mod resuming;

use serde_json::{Value, json};

use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

/// A class with its teacher `li` and its pupil `wang`.
pub async fn class_of_two<'a>(enterprise: &Enterprise<'a>) -> (i64, Component<'a>, Component<'a>) {
    let teacher = Component::register(enterprise, "li", "teacher").await;
    let pupil = Component::register(enterprise, "wang", "student").await;
    let members = json!([{"user_id": "wang", "role": "student"}]);
    let class_id = enterprise.class(json!({"teacher_id": "li", "class_type": "1vN", "members": members})).await;
    (class_id, teacher, pupil)
}

#[tokio::test]
async fn who_signs_in_is_inside_and_makes_the_calls_of_components() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, _) = class_of_two(&enterprise).await;
    let (mut channel, welcome) = Channel::enter(&teacher, class_id).await;
    assert_eq!((&welcome["role"], &welcome["user_id"]), (&json!("teacher"), &json!("li")), "{welcome}");
    assert!(welcome["snapshot"].is_object(), "{welcome}");
    let body = json!({"class_id": class_id, "index": 0, "size": 10});
    let over_the_channel = channel.ok("member/runtime/list", body.clone()).await;
    assert_eq!(over_the_channel["list"][0]["user_id"], "li");
    let mut over_http = teacher.ok("member/runtime/list", body).await;
    let mut same = over_the_channel.clone();
    for answer in [&mut over_http, &mut same] {
        answer.as_object_mut().unwrap().remove("request_id");
    }
    assert_eq!(same, over_http);
}

#[tokio::test]
async fn a_call_over_the_channel_is_refused_like_one_over_http() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, _, pupil) = class_of_two(&enterprise).await;
    let (mut channel, _) = Channel::enter(&pupil, class_id).await;
    for (call, body) in [
        ("class/stop", json!({ "class_id": class_id })),
        ("class/info", json!({ "class_id": "x" })),
        ("class/info", json!({})),
        ("class/info", Value::Null),
        ("class/info", json!([1])),
        ("report/event", json!({"class_id": class_id, "event": "kick", "data": ["li"]})),
        ("question/launch", json!({"class_id": class_id, "question_id": "q"})),
    ] {
        let reply = channel.call(call, body.clone()).await;
        let sent = if body.is_null() { json!({}) } else { body.clone() };
        let answer: Value = pupil.send(call, sent.to_string()).await;
        assert_eq!(
            (&reply["error_code"], &reply["error_msg"]),
            (&answer["error_code"], &answer["error_msg"]),
            "{call} {body}"
        );
        assert_ne!(reply["error_code"], 0);
    }
    for call in ["class/inf", "", "../paas/v1/class/info", "user/login", "channel"] {
        let reply = channel.call(call, json!({})).await;
        assert_eq!(reply["error_code"], -1, "{call}: {reply}");
    }
}

#[tokio::test]
async fn strangers_and_those_who_may_not_enter_are_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, _) = class_of_two(&enterprise).await;
    let outsider = Component::register(&enterprise, "zhao", "student").await;
    let other = service.enterprise().await;
    let stranger = Component::register(&other, "li", "teacher").await;
    let liar = Component::of(&enterprise, "li", &outsider.token);
    for (component, code) in [(&outsider, 10226), (&stranger, 10230), (&liar, 10216)] {
        let (mut channel, answer) = Channel::enter_with(component, class_id, json!({})).await;
        assert_eq!(
            (&answer["type"], &answer["error_code"], &answer["id"]),
            (&json!("refused"), &json!(code), &json!(1))
        );
        assert_eq!(channel.ended().await.0, 4001);
    }
    let (mut channel, _) = Channel::enter(&teacher, class_id).await;
    let list = channel.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 10})).await;
    assert_eq!(list["total"], 1);
}

#[tokio::test]
async fn the_first_message_signs_in() {
    let service = Service::start();
    for first in [json!({"type": "ping"}), json!({"type": "call", "call": "class/list", "body": {}})] {
        let mut channel = Channel::connect(&service).await;
        channel.send(&first).await;
        assert_eq!(channel.ended().await.0, 4000);
    }
}

#[tokio::test]
async fn messages_that_cannot_be_read_are_refused_and_too_many_end_the_connection() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, _) = class_of_two(&enterprise).await;
    let (mut channel, _) = Channel::enter(&teacher, class_id).await;
    for text in ["", "hello", "[]", "{}", r#"{"type":"dance"}"#, r#"{"type":"signal","kind":"noise"}"#] {
        channel.send_text(text.to_owned()).await;
        let answer = channel.message_where(|message| message["type"] == "refused").await;
        assert_eq!(answer["error_code"], 10003, "{text}: {answer}");
    }
    for _ in 0..120 {
        channel.send_text("{".to_owned()).await;
    }
    assert_eq!(channel.ended().await.0, 4005);
}

#[tokio::test]
async fn a_thousand_messages_at_once_are_bounded_and_cost_the_others_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut flooding, _) = Channel::enter(&pupil, class_id).await;
    let (mut other, _) = Channel::enter(&teacher, class_id).await;
    for _ in 0..1_000 {
        if !flooding.try_send(&json!({"type": "ping"})).await {
            break;
        }
    }
    other.ping().await;
    assert_eq!(flooding.ended().await.0, 4005);
    other.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 10})).await;
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_the_connection() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, _) = class_of_two(&enterprise).await;
    let (mut channel, _) = Channel::enter(&teacher, class_id).await;
    channel.send_text("x".repeat(1024 * 1024)).await;
    assert_eq!(channel.ended().await.0, 4005);
}

#[tokio::test]
async fn a_ping_keeps_the_session() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut staying, _) = Channel::enter(&teacher, class_id).await;
    let (_silent, _) = Channel::enter(&pupil, class_id).await;
    for _ in 0..6 {
        service.pass(30);
        staying.ping().await;
        service.app.presence.work(&service.app.db, service.app.now()).await.unwrap();
    }
    let list = teacher.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 10})).await;
    assert_eq!((&list["total"], &list["list"][0]["user_id"]), (&json!(1), &json!("li")), "{list}");
}

#[tokio::test]
async fn who_quits_is_not_inside_any_more() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let (mut channel, _) = Channel::enter(&pupil, class_id).await;
    channel.send(&json!({"type": "quit"})).await;
    assert_eq!(channel.ended().await.0, 1000);
    let (mut watching, _) = Channel::enter(&teacher, class_id).await;
    let list = watching.ok("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 10})).await;
    assert_eq!(list["total"], 1, "{list}");
}

#[tokio::test]
async fn a_second_connection_of_a_component_ends_the_first() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, _) = class_of_two(&enterprise).await;
    let (mut first, _) = Channel::enter(&teacher, class_id).await;
    let (mut second, _) = Channel::enter(&teacher, class_id).await;
    assert_eq!(first.ended().await, (4002, "replaced".into()));
    second.ping().await;
}

#[tokio::test]
async fn a_revoked_token_ends_the_connection() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, _) = class_of_two(&enterprise).await;
    let (mut channel, _) = Channel::enter(&teacher, class_id).await;
    enterprise.ok("user/token/update", json!({"user_id": "li"})).await;
    let reply = channel.call("class/info", json!({ "class_id": class_id })).await;
    assert_eq!(reply["error_code"], 10216, "{reply}");
    channel.send(&json!({"type": "ping"})).await;
    assert_eq!(channel.ended().await, (4002, "token".into()));
}

#[tokio::test]
async fn a_stop_of_the_service_ends_connections_with_its_reason() {
    let mut service = Service::start();
    let (mut channel, _) = {
        let enterprise = service.enterprise().await;
        let (class_id, teacher, _) = class_of_two(&enterprise).await;
        Channel::enter(&teacher, class_id).await
    };
    service.stop();
    assert_eq!(channel.ended().await.0, 1001);
}
