//! Which changes publish an event, and for which endpoints.

use lectern::domain::tenancy::enterprise::Patch;
use serde_json::{Value, json};

use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Enterprise};
use crate::support::webhooks::{address, begun_class, start, subscribed, wait_for_state};

/// The names of all events of an enterprise, in order.
async fn recorded(enterprise: &Enterprise<'_>) -> Vec<String> {
    let feed = enterprise.ok("event/list", json!({})).await;
    feed["list"].as_array().unwrap().iter().map(|row| row["event"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn classes_that_signed_calls_begin_and_end_are_published_only_on_request() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = service.enterprise().await;
    enterprise.set(address(&receiver.url)).await;
    let class_id = begun_class(&enterprise).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    assert!(recorded(&enterprise).await.is_empty());

    enterprise.set(Patch { callback_on_api: Some(true), ..Patch::default() }).await;
    let class_id = begun_class(&enterprise).await;
    service.pass(60);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin", "class_over"]);
    let requests = receiver.wait_for(2).await;
    assert_eq!(requests[0].body["data"], json!({"class_id": class_id, "real_start_time": BEGIN}));
    assert_eq!(requests[1].body["event"], "class_over");
    assert_eq!(requests[1].body["data"], json!({"class_id": class_id, "real_stop_time": BEGIN + 60}));
}

#[tokio::test]
async fn joins_and_quits_are_published_only_on_request() {
    use lectern::domain::events::event::Extra;
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = service.enterprise().await;
    enterprise.set(address(&receiver.url)).await;
    enterprise.students(&["user1"]).await;
    let come_and_go = async || {
        let class_id = enterprise.class(json!({})).await;
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "user1"})).await;
        service.pass(5);
        enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "user1"})).await;
        class_id
    };
    come_and_go().await;
    assert!(recorded(&enterprise).await.is_empty());
    let asks = |events: Vec<Extra>| Patch { callback_events: Some(events), ..Patch::default() };
    enterprise.set(asks(vec![Extra::JoinClass])).await;
    come_and_go().await;
    assert_eq!(recorded(&enterprise).await, ["join_class"]);
    enterprise.set(asks(vec![Extra::QuitClass])).await;
    come_and_go().await;
    assert_eq!(recorded(&enterprise).await, ["join_class", "quit_class"]);
    enterprise.set(asks(vec![Extra::JoinClass, Extra::QuitClass])).await;
    let begin = service.now();
    let class_id = come_and_go().await;

    let requests = receiver.wait_for(4).await;
    let of_class: Vec<&Value> =
        requests.iter().map(|r| &r.body).filter(|b| b["data"]["class_id"] == class_id).collect();
    assert_eq!(of_class[0]["event"], "join_class");
    assert_eq!(
        of_class[0]["data"],
        json!({"class_id": class_id, "join_time": begin, "user_id": "user1", "role": "student"})
    );
    assert_eq!(of_class[1]["event"], "quit_class");
    assert_eq!(
        of_class[1]["data"],
        json!({"class_id": class_id, "quit_time": begin + 5, "user_id": "user1", "role": "student"})
    );
}

#[tokio::test]
async fn everyone_inside_leaves_before_a_class_is_over() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    enterprise.students(&["user1", "user2", "user3"]).await;
    let class_id = begun_class(&enterprise).await;
    for user_id in ["user1", "user2", "user3"] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    let visitor = enterprise.ok("member/visitor/join", json!({"class_id": class_id})).await;
    let visitor_id = visitor["visitor_info"]["user_id"].as_str().unwrap();
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "user2"})).await;
    service.pass(10);
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;

    let requests = receiver.wait_for(10).await;
    let published: Vec<(&str, &str, &str)> = requests
        .iter()
        .map(|r| {
            let data = &r.body["data"];
            (r.event(), data["user_id"].as_str().unwrap_or(""), data["role"].as_str().unwrap_or(""))
        })
        .collect();
    let mut last = published[6..9].to_vec();
    last.sort_unstable();
    let mut inside =
        [("quit_class", "user1", "student"), ("quit_class", "user3", "student"), ("quit_class", visitor_id, "visitor")];
    inside.sort_unstable();
    assert_eq!(
        published[..6],
        [
            ("class_begin", "", ""),
            ("join_class", "user1", "student"),
            ("join_class", "user2", "student"),
            ("join_class", "user3", "student"),
            ("join_class", visitor_id, "visitor"),
            ("quit_class", "user2", "student"),
        ]
    );
    assert_eq!(last, inside);
    assert_eq!(published[9], ("class_over", "", ""));
    assert!(requests[6..9].iter().all(|r| r.data("quit_time") == BEGIN + 10));
    let sequences: Vec<i64> = requests.iter().map(|r| r.number("lectern-sequence")).collect();
    assert_eq!(sequences, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_call_that_changes_nothing_or_is_refused_makes_no_event() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = begun_class(&enterprise).await;
    let (class, pupil) = (json!({"class_id": class_id}), json!({"class_id": class_id, "user_id": "pupil"}));
    enterprise.ok("class/start", class.clone()).await;
    enterprise.ok("member/quit", pupil.clone()).await;
    enterprise.ok("member/join", pupil.clone()).await;
    enterprise.ok("member/join", pupil.clone()).await;
    enterprise.refused("member/join", json!({"class_id": class_id, "user_id": "nobody"}), 10215).await;
    enterprise.ok("member/quit", pupil.clone()).await;
    enterprise.ok("member/quit", pupil.clone()).await;
    enterprise.ok("class/stop", class.clone()).await;
    enterprise.ok("class/stop", class.clone()).await;
    enterprise.refused("class/start", class, 10224).await;
    enterprise.refused("member/join", pupil, 10224).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin", "join_class", "quit_class", "class_over"]);
    assert_eq!(receiver.wait_for(4).await.len(), 4);
}

#[tokio::test]
async fn an_event_without_an_address_is_recorded_and_not_delivered() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, "").await;
    begun_class(&enterprise).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin"]);
    enterprise.set(address(&receiver.url)).await;
    begun_class(&enterprise).await;
    wait_for_state(&enterprise, "delivered", 1).await;
    assert_eq!(recorded(&enterprise).await, ["class_begin", "class_begin"]);
    assert_eq!(receiver.requests().len(), 1);
}
