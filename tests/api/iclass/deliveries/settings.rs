//! Changes of the address and pauses apply to pending deliveries.

use serde_json::json;

use super::order::{first_tried, let_through, place};
use crate::support::receiver::{Receiver, Reply};
use crate::support::webhooks::{
    address, begun_class, command, info, moves, paused, start, subscribed, test_events, wait_for, wait_for_state,
};

#[tokio::test]
async fn a_retry_goes_to_the_current_address() {
    let service = start(&[]);
    let (old, new) = (Receiver::answering(|_| Reply::Close), Receiver::start());
    let enterprise = subscribed(&service, &old.url).await;
    let class_id = enterprise.class(json!({})).await;
    moves(&enterprise, &[class_id], 3).await;
    first_tried(&enterprise, class_id, 1).await;
    enterprise.set(address(&new.url)).await;
    service.pass(60);
    let requests = new.wait_for(3).await;
    let numbers: Vec<(i64, i64)> = requests.iter().map(|r| (place(r).1, r.number("lectern-attempt"))).collect();
    assert_eq!(numbers, [(1, 2), (2, 1), (3, 1)]);
    assert_eq!(old.requests().len(), 1);
    let rows = wait_for_state(&enterprise, "delivered", 3).await;
    let attempts = info(&enterprise, &rows[2]).await["attempt_list"].clone();
    assert_eq!((&attempts[0]["url"], &attempts[1]["url"]), (&json!(old.url), &json!(new.url)));
}

#[tokio::test]
async fn what_waits_behind_a_receiver_that_hangs_goes_to_a_new_address() {
    let service = start(&["--callback-timeout-seconds", "0.5", "--callback-connections", "4"]);
    let (old, new) = (Receiver::answering(|_| Reply::Hang), Receiver::start());
    let enterprise = subscribed(&service, &old.url).await;
    test_events(&enterprise, 30).await;
    old.wait_for(4).await;
    enterprise.set(address(&new.url)).await;
    new.wait_for(26).await;
    assert_eq!(old.requests().len(), 4);
}

#[tokio::test]
async fn without_an_address_deliveries_wait_for_one() {
    let service = start(&[]);
    let (old, new) = (Receiver::answering(|_| Reply::Close), Receiver::start());
    let enterprise = subscribed(&service, &old.url).await;
    test_events(&enterprise, 1).await;
    wait_for(&enterprise, json!({}), |rows| rows[0]["attempts"] == 1).await;
    enterprise.set(address("")).await;
    service.pass(60);
    let_through(&service).await;
    enterprise.set(address(&new.url)).await;
    new.wait_for(1).await;
    assert_eq!(old.requests().len(), 1);
}

#[tokio::test]
async fn a_pause_holds_deliveries_back_until_its_end() {
    let service = start(&["--callback-connections", "4"]);
    let receiver = Receiver::answering(|_| Reply::Hold);
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 30).await;
    receiver.wait_for(4).await;
    enterprise.set(paused(true)).await;
    let_through(&service).await;
    receiver.answer(|_| Reply::Ack);
    receiver.release();
    wait_for_state(&enterprise, "delivered", 4).await;
    begun_class(&enterprise).await;
    service.pass(3_600);
    let_through(&service).await;
    assert_eq!(receiver.requests().len(), 4);
    wait_for_state(&enterprise, "pending", 27).await;

    enterprise.set(paused(false)).await;
    receiver.wait_for(31).await;
    wait_for_state(&enterprise, "delivered", 31).await;
    assert_eq!(receiver.requests().len(), 31);
}

#[tokio::test]
async fn a_pause_from_the_command_line_is_seen_by_the_running_service() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let sdkappid = enterprise.sdkappid.to_string();
    command(&service, &["pause", &sdkappid]).unwrap();
    test_events(&enterprise, 5).await;
    let_through(&service).await;
    assert!(receiver.requests().is_empty());
    command(&service, &["resume", &sdkappid]).unwrap();
    assert_eq!(receiver.wait_for(5).await.len(), 5);
    assert!(command(&service, &["pause", "1"]).unwrap_err().contains("no enterprise has 1"));
}
