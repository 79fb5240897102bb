//! Replaying deliveries.

use serde_json::{Value, json};

use super::reading::ids;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::BEGIN;
use crate::support::webhooks::{
    begun_class, info, moves, paused, start, subscribed, test_events, wait_for, wait_for_state,
};

#[tokio::test]
async fn a_settled_delivery_is_replayed_with_all_attempts() {
    let service = start(&["--callback-retries", "1"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 2).await;
    wait_for(&enterprise, json!({}), |rows| rows.iter().all(|row| row["attempts"] == 1)).await;
    service.pass(60);
    let dead = wait_for_state(&enterprise, "dead", 2).await;
    let replay = async |ids: Value| enterprise.ok("callback/replay", json!({"delivery_ids": ids})).await;
    assert_eq!(replay(json!([dead[0]["delivery_id"]])).await, json!({"error_code": 0, "error_msg": ""}));
    let shown = wait_for(&enterprise, json!({"state": "pending"}), |r| r.len() == 1 && r[0]["attempts"] == 3).await;
    assert_eq!((&shown[0]["delivery_id"], &shown[0]["settled_time"]), (&dead[0]["delivery_id"], &json!(0)));
    assert_eq!(shown[0]["due"], service.now() + 60);
    receiver.answer(|_| Reply::Ack);
    service.pass(60);
    wait_for_state(&enterprise, "delivered", 1).await;
    let attempts = info(&enterprise, &dead[0]).await["attempt_list"].clone();
    assert_eq!(ids(attempts.as_array().unwrap(), "number"), [1, 2, 3, 4]);

    // Also delivered ones, with the same event id.
    replay(json!([dead[0]["delivery_id"].to_string()])).await;
    let requests = receiver.wait_for(7).await;
    let id = format!("evt_{}", dead[0]["event_id"]);
    assert_eq!((requests[6].header("webhook-id"), requests[6].number("lectern-attempt")), (id.as_str(), 5));
    wait_for_state(&enterprise, "delivered", 1).await;
    wait_for_state(&enterprise, "dead", 1).await;
}

#[tokio::test]
async fn a_replay_is_of_all_that_are_named_or_of_none() {
    let service = start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = subscribed(&service, &receiver.url).await;
    let other = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 3).await;
    test_events(&other, 1).await;
    let dead = ids(&wait_for_state(&enterprise, "dead", 3).await, "delivery_id");
    let theirs = ids(&wait_for_state(&other, "dead", 1).await, "delivery_id")[0];
    enterprise.set(paused(true)).await;
    test_events(&enterprise, 1).await;
    let pending = ids(&wait_for_state(&enterprise, "pending", 1).await, "delivery_id")[0];

    let refused = async |ids: &[i64]| enterprise.refused("callback/replay", json!({"delivery_ids": ids}), 10003).await;
    let unknown = refused(&[dead[0], dead[1], 999_999]).await;
    assert_eq!(unknown, "delivery_ids: 999999: no such delivery");
    assert_eq!(refused(&[dead[0], theirs]).await, unknown.replace("999999", &theirs.to_string()));
    assert_eq!(refused(&[dead[0], pending]).await, format!("delivery_ids: {pending} is still on its way"));
    refused(&[dead[0], dead[0]]).await;
    refused(&[]).await;
    refused(&(1..=1001).collect::<Vec<_>>()).await;
    for wrong in [json!({}), json!({"delivery_ids": null}), json!({"delivery_ids": 1}), json!({"dead_since": -1})] {
        enterprise.refused("callback/replay", wrong, 10003).await;
    }
    assert_eq!(ids(&wait_for_state(&enterprise, "dead", 3).await, "delivery_id"), dead);
    wait_for_state(&other, "dead", 1).await;

    enterprise.ok("callback/replay", json!({"delivery_ids": dead})).await;
    wait_for_state(&enterprise, "pending", 4).await;
    wait_for_state(&other, "dead", 1).await;
}

#[tokio::test]
async fn all_dead_deliveries_since_a_time_are_replayed() {
    let service = start(&["--callback-retries", "0"]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = subscribed(&service, &receiver.url).await;
    let other = subscribed(&service, &receiver.url).await;
    for nth in 1..=3 {
        test_events(&enterprise, 1).await;
        test_events(&other, 1).await;
        wait_for_state(&enterprise, "dead", nth).await;
        wait_for_state(&other, "dead", nth).await;
        service.pass(100);
    }
    receiver.answer(|request| if request.event() == "class_begin" { Reply::Close } else { Reply::Ack });
    begun_class(&enterprise).await;
    wait_for_state(&enterprise, "dead", 4).await;
    receiver.answer(|_| Reply::Ack);

    enterprise.ok("callback/replay", json!({"dead_since": BEGIN + 301})).await;
    wait_for_state(&enterprise, "dead", 4).await;
    enterprise.ok("callback/replay", json!({"dead_since": BEGIN + 100})).await;
    wait_for_state(&enterprise, "delivered", 3).await;
    let left = wait_for_state(&enterprise, "dead", 1).await;
    assert_eq!(left[0]["create_time"], BEGIN);
    enterprise.ok("callback/replay", json!({"dead_since": 0})).await;
    wait_for_state(&enterprise, "delivered", 4).await;
    wait_for_state(&other, "dead", 3).await;
}

#[tokio::test]
async fn replayed_events_come_in_order_and_before_the_later_events_of_their_class() {
    let service = start(&["--callback-retries", "0"]);
    let receiver =
        Receiver::answering(|request| if request.number("lectern-sequence") <= 3 { Reply::Close } else { Reply::Ack });
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({})).await;
    moves(&enterprise, &[class_id], 4).await;
    let mut dead = ids(&wait_for_state(&enterprise, "dead", 3).await, "delivery_id");
    wait_for_state(&enterprise, "delivered", 1).await;
    enterprise.set(paused(true)).await;
    moves(&enterprise, &[class_id], 4).await;
    receiver.answer(|_| Reply::Ack);
    // In any order.
    dead.rotate_left(1);
    enterprise.ok("callback/replay", json!({"delivery_ids": dead})).await;
    enterprise.set(paused(false)).await;
    let requests = receiver.wait_for(11).await;
    let sequences: Vec<i64> = requests.iter().map(|r| r.number("lectern-sequence")).collect();
    assert_eq!(sequences, [1, 2, 3, 4, 1, 2, 3, 5, 6, 7, 8]);
}

#[tokio::test]
async fn an_event_replayed_while_a_later_one_is_being_sent_comes_before_its_next_attempt() {
    let service = start(&["--callback-retries", "1"]);
    let receiver = Receiver::answering(|request| match request.number("lectern-sequence") {
        1 => Reply::Close,
        _ => Reply::Hold,
    });
    let enterprise = subscribed(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({})).await;
    moves(&enterprise, &[class_id], 3).await;
    wait_for(&enterprise, json!({}), |rows| rows[2]["attempts"] == 1).await;
    service.pass(60);
    // The first is dead, and the second is in flight.
    let requests = receiver.wait_for(3).await;
    assert_eq!(requests[2].number("lectern-sequence"), 2);
    let dead = wait_for_state(&enterprise, "dead", 1).await;
    enterprise.ok("callback/replay", json!({"delivery_ids": [dead[0]["delivery_id"]]})).await;
    // The second fails.
    receiver.answer(|_| Reply::Ack);
    receiver.hang_up();
    wait_for(&enterprise, json!({}), |rows| rows[1]["attempts"] == 1).await;
    let requests = receiver.wait_for(4).await;
    assert_eq!(requests[3].number("lectern-sequence"), 1);
    service.pass(60);
    let requests = receiver.wait_for(6).await;
    let sequences: Vec<i64> = requests.iter().map(|r| r.number("lectern-sequence")).collect();
    assert_eq!(sequences, [1, 1, 2, 1, 2, 3]);
}
