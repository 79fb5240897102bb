//! Deliveries survive a restart, and are removed with their enterprise or after their retention time.

use lectern::domain;
use lectern::service::delete_enterprise::delete_enterprise;
use lectern::store;
use lectern::store::ids::{DeliveryId, EnterpriseId};
use serde_json::{Value, json};

use super::order::{let_through, place};
use crate::support::PATIENCE;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::Enterprise;
use crate::support::webhooks::{
    begun_class, deliveries, info, moves, paused, start, subscribed, test_events, wait_for, wait_for_state,
};

#[tokio::test]
async fn what_is_not_delivered_when_the_service_stops_is_delivered_after_its_start() {
    let mut service = start(&["--callback-timeout-seconds", "0.5", "--callback-connections", "4"]);
    let receiver = Receiver::answering(|_| Reply::Hang);
    let enterprise = subscribed(&service, &receiver.url).await;
    let sdkappid = enterprise.sdkappid;
    let mut class_ids = Vec::new();
    for _ in 0..10 {
        class_ids.push(enterprise.class(json!({})).await);
    }
    moves(&enterprise, &class_ids, 3).await;
    receiver.wait_for(4).await;
    service.restart();

    let enterprise = service.enterprise_with(sdkappid).await;
    // Exchanges in flight at the stop failed and are retried later. The rest is sent at once.
    receiver.answer(|_| Reply::Ack);
    let tried_before = receiver.requests().len();
    let rows = wait_for(&enterprise, json!({"state": "delivered"}), |rows| rows.len() >= 3 * (10 - tried_before)).await;
    assert!(rows.iter().all(|row| row["attempts"] == 1), "{rows:?}");
    service.pass(60);
    wait_for_state(&enterprise, "delivered", 30).await;
    let requests = receiver.requests();
    for class_id in class_ids {
        let arrived: Vec<i64> = requests.iter().map(|r| place(r)).filter(|p| p.0 == class_id).map(|p| p.1).collect();
        assert!(arrived == [1, 2, 3] || arrived == [1, 1, 2, 3], "{arrived:?}");
    }
    assert!(requests.len() <= 30 + tried_before);
}

#[tokio::test]
async fn a_delivery_that_is_to_be_tried_later_is_tried_after_a_restart() {
    let mut service = start(&[]);
    let receiver = Receiver::answering(|_| Reply::Close);
    let enterprise = subscribed(&service, &receiver.url).await;
    let sdkappid = enterprise.sdkappid;
    test_events(&enterprise, 1).await;
    wait_for(&enterprise, json!({}), |rows| rows[0]["attempts"] == 1).await;
    service.restart();
    receiver.answer(|_| Reply::Ack);
    let_through(&service).await;
    assert_eq!(receiver.requests().len(), 1);
    service.pass(60);
    let requests = receiver.wait_for(2).await;
    assert_eq!(requests[1].number("lectern-attempt"), 2);
    assert_eq!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
    wait_for_state(&service.enterprise_with(sdkappid).await, "delivered", 1).await;
}

#[tokio::test]
async fn deliveries_of_a_class_that_was_removed_arrive() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    enterprise.set(paused(true)).await;
    let class_id = begun_class(&enterprise).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    enterprise.ok("class/delete", json!({"class_id": class_id})).await;
    enterprise.set(paused(false)).await;
    let requests = receiver.wait_for(2).await;
    assert_eq!(requests.iter().map(|r| r.event()).collect::<Vec<_>>(), ["class_begin", "class_over"]);
    assert!(requests.iter().all(|r| r.data("class_id") == class_id));
}

#[tokio::test]
async fn an_enterprise_that_is_removed_takes_its_deliveries_along() {
    let service = start(&["--callback-connections", "4"]);
    let receiver = Receiver::answering(|_| Reply::Hold);
    let enterprise = subscribed(&service, &receiver.url).await;
    test_events(&enterprise, 30).await;
    receiver.wait_for(4).await;
    let sdkappid = enterprise.sdkappid;
    let remove = move |conn: &mut _| delete_enterprise(conn, sdkappid);
    service.app.db.write(remove).await.unwrap();
    receiver.answer(|_| Reply::Ack);
    receiver.release();
    let_through(&service).await;
    let left =
        service.app.db.read(|conn| Ok::<_, domain::Error>(store::events::delivery::endpoints(conn)?)).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

/// The ids of the events in the feed.
async fn events(enterprise: &Enterprise<'_>) -> Vec<Value> {
    let feed = enterprise.ok("event/list", json!({})).await;
    feed["list"].as_array().unwrap().iter().map(|row| row["event_id"].clone()).collect()
}

#[tokio::test]
async fn what_is_older_than_it_has_to_be_kept_goes_and_what_is_pending_or_younger_stays() {
    const HOUR: i64 = 3_600;
    let service = start(&["--event-keep-days", "1", "--callback-retries", "1000"]);
    let receiver = Receiver::answering(|request| match request.event() {
        "callback_test" => Reply::Ack,
        _ => Reply::Whole(500, "text/plain", String::new()),
    });
    let enterprise = subscribed(&service, &receiver.url).await;
    let silent = subscribed(&service, "").await;
    test_events(&enterprise, 1).await;
    begun_class(&enterprise).await;
    begun_class(&silent).await;
    wait_for(&enterprise, json!({}), |rows| rows.len() == 2 && rows.iter().all(|row| row["attempts"] == 1)).await;
    service.pass(23 * HOUR);
    test_events(&enterprise, 1).await;
    begun_class(&silent).await;
    wait_for_state(&enterprise, "delivered", 2).await;
    let [old, pending, young] = <[Value; 3]>::try_from(deliveries(&enterprise, &json!({})).await)
        .map(|mut rows| {
            rows.reverse();
            rows
        })
        .unwrap();
    assert_eq!((events(&enterprise).await.len(), events(&silent).await.len()), (3, 2));

    // 25 hours after the first event.
    service.pass(2 * HOUR);
    wait_for(&enterprise, json!({}), |rows| rows.len() == 2).await;
    wait_until_events(&silent, 1).await;
    wait_until_events(&enterprise, 2).await;
    assert_eq!(events(&enterprise).await, [pending["event_id"].clone(), young["event_id"].clone()]);
    enterprise.refused("callback/info", json!({"delivery_id": old["delivery_id"]}), 10003).await;
    assert!(!info(&enterprise, &young).await["attempt_list"].as_array().unwrap().is_empty());
    let (enterprise_id, delivery_id) = (enterprise.enterprise_id, old["delivery_id"].as_i64().unwrap());
    let read = move |conn: &mut _| {
        Ok::<_, domain::Error>(store::events::attempt::list(
            conn,
            EnterpriseId(enterprise_id),
            DeliveryId(delivery_id),
        )?)
    };
    assert!(service.app.db.read(read).await.unwrap().is_empty());

    // Once it is settled, it is removed.
    receiver.answer(|_| Reply::Ack);
    service.pass(60);
    wait_for(&enterprise, json!({"state": "pending"}), <[Value]>::is_empty).await;
    service.pass(HOUR);
    wait_until_events(&enterprise, 1).await;
    assert_eq!(events(&enterprise).await, [young["event_id"].clone()]);
    service.pass(24 * HOUR);
    wait_until_events(&enterprise, 0).await;
    wait_until_events(&silent, 0).await;
    assert!(deliveries(&enterprise, &json!({})).await.is_empty());
}

/// Waits until this many events are left.
async fn wait_until_events(enterprise: &Enterprise<'_>, count: usize) {
    let wait = async {
        while events(enterprise).await.len() != count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "not {count} events: {:?}", events(enterprise).await);
}
