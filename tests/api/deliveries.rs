//! The order of deliveries, the share of each receiver, and what outlives a change of settings, a restart and time.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use lectern::domain;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::store;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::outbox::{
    address, begun_class, command, deliveries, hearing, info, moves, paused, start, start_now, test_events, wait_for,
    wait_for_state,
};
use crate::receiver::{Receiver, Reply, Request};
use crate::service::{Enterprise, Service};

/// The class and the number in it.
fn place(request: &Request) -> (i64, i64) {
    (request.data("class_id"), request.number("lectern-sequence"))
}

/// Sends something to a receiver of its own and waits for it: what could be sent before is then sent.
async fn let_through(service: &Service) {
    let receiver = Receiver::start();
    let other = hearing(service, &receiver.url).await;
    test_events(&other, 1).await;
    receiver.wait_for(1).await;
}

/// Waits until the first event of a class was tried so often.
async fn first_tried(enterprise: &Enterprise<'_>, class_id: i64, attempts: i64) {
    wait_for(enterprise, json!({"class_id": class_id}), |rows| rows.last().unwrap()["attempts"] == attempts).await;
}

#[tokio::test]
async fn the_events_of_a_class_wait_for_its_first_and_for_no_other_class() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let (slow, quick) = (enterprise.class(json!({})).await, enterprise.class(json!({})).await);
    receiver.answer(move |request| {
        if place(request) == (slow, 1) && request.number("lectern-attempt") < 4 { Reply::Close } else { Reply::Ack }
    });
    moves(&enterprise, &[slow], 4).await;
    for attempt in 1..=3 {
        first_tried(&enterprise, slow, i64::try_from(attempt).unwrap()).await;
        moves(&enterprise, &[quick], 2).await;
        let requests = receiver.wait_for(3 * attempt).await;
        assert!(requests.iter().all(|r| r.data("class_id") == quick || place(r) == (slow, 1)));
        service.pass(60);
    }
    let requests = receiver.wait_for(13).await;
    let of = |class_id: i64| -> Vec<i64> {
        requests.iter().map(|r| place(r)).filter(|place| place.0 == class_id).map(|place| place.1).collect()
    };
    assert_eq!(of(slow), [1, 1, 1, 1, 2, 3, 4]);
    assert_eq!(of(quick), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn after_an_event_is_dead_the_next_of_its_class_goes() {
    let service = start(&["--callback-retries", "1"]);
    let receiver = Receiver::answering(|r| if r.number("lectern-sequence") == 1 { Reply::Close } else { Reply::Ack });
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({})).await;
    moves(&enterprise, &[class_id], 3).await;
    first_tried(&enterprise, class_id, 1).await;
    service.pass(60);
    let requests = receiver.wait_for(4).await;
    assert_eq!(requests.iter().map(|r| place(r).1).collect::<Vec<_>>(), [1, 1, 2, 3]);
    wait_for_state(&enterprise, "delivered", 2).await;
    wait_for_state(&enterprise, "dead", 1).await;
}

#[tokio::test]
async fn without_order_nothing_waits_not_even_what_waited_before() {
    let service = start(&[]);
    let receiver = Receiver::answering(|r| if r.number("lectern-sequence") == 1 { Reply::Close } else { Reply::Ack });
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = enterprise.class(json!({})).await;
    moves(&enterprise, &[class_id], 3).await;
    first_tried(&enterprise, class_id, 1).await;
    let_through(&service).await;
    assert_eq!(receiver.requests().len(), 1);

    enterprise.set(Patch { callback_ordered: Some(false), ..Patch::default() }).await;
    receiver.wait_for(3).await;
    moves(&enterprise, &[class_id], 3).await;
    let mut sequences: Vec<i64> = receiver.wait_for(5).await.iter().map(|r| place(r).1).collect();
    sequences.sort_unstable();
    // Who is inside already, comes in without an event: three moves are two events then.
    assert_eq!(sequences, [1, 2, 3, 4, 5]);
    wait_for_state(&enterprise, "pending", 1).await;
}

#[tokio::test]
async fn a_receiver_that_fails_at_random_sees_every_class_in_order() {
    const CLASSES: usize = 40;
    const EVENTS: usize = 10;
    let service = start_now(&["--callback-retries", "1000", "--callback-retry-seconds", "0.001"]);
    let acknowledged: Arc<Mutex<HashMap<i64, Vec<i64>>>> = Arc::default();
    let (random, noted) = (Mutex::new(StdRng::seed_from_u64(3)), acknowledged.clone());
    let receiver = Receiver::answering(move |request| {
        let mut random = random.lock().unwrap();
        if random.random_bool(0.4) {
            let failures = [Reply::Close, Reply::Whole(500, "", String::new()), Reply::json(&json!({"error_code": 1}))];
            return failures[random.random_range(0..3)].clone();
        }
        let (class_id, sequence) = place(request);
        noted.lock().unwrap().entry(class_id).or_default().push(sequence);
        Reply::Ack
    });
    let enterprise = hearing(&service, &receiver.url).await;
    let mut class_ids = Vec::new();
    for _ in 0..CLASSES {
        class_ids.push(enterprise.class(json!({})).await);
    }
    moves(&enterprise, &class_ids, EVENTS / 2).await;
    // The next come while those before are under way.
    receiver.wait_for(CLASSES).await;
    for class_id in &class_ids {
        enterprise.ok("class/start", json!({"class_id": class_id})).await;
    }
    moves(&enterprise, &class_ids, EVENTS / 2).await;

    let all = || acknowledged.lock().unwrap().values().map(Vec::len).sum::<usize>();
    // The first half ends inside the class, so of the second half the first comes in without an event.
    let requests = receiver.wait_until("all acknowledged", |_| all() == CLASSES * EVENTS).await;
    let mut arrived: HashMap<i64, Vec<i64>> = HashMap::new();
    for request in &requests {
        arrived.entry(place(request).0).or_default().push(place(request).1);
    }
    for class_id in &class_ids {
        let in_order: Vec<i64> = (1..=i64::try_from(EVENTS).unwrap()).collect();
        assert_eq!(acknowledged.lock().unwrap()[class_id], in_order, "class {class_id}");
        assert!(arrived[class_id].is_sorted(), "class {class_id}: {:?}", arrived[class_id]);
    }
    assert!(requests.len() > CLASSES * EVENTS * 5 / 4, "too few failures to show anything: {}", requests.len());
}

#[tokio::test]
async fn a_receiver_that_hangs_takes_nothing_from_the_others() {
    let service = start(&["--callback-timeout-seconds", "1000"]);
    let hanging = Receiver::answering(|_| Reply::Hang);
    let others: Vec<Receiver> = (0..5).map(|_| Receiver::start()).collect();
    let enterprise = hearing(&service, &hanging.url).await;
    test_events(&enterprise, 3_000).await;
    hanging.wait_for(32).await;
    let mut hear = Vec::new();
    for other in &others {
        hear.push(hearing(&service, &other.url).await);
    }
    for _ in 0..4 {
        for enterprise in &hear {
            test_events(enterprise, 25).await;
        }
    }
    for other in &others {
        assert_eq!(other.wait_for(100).await.len(), 100);
    }
    assert_eq!((hanging.requests().len(), hanging.answering_now()), (32, 32));
}

#[tokio::test]
async fn one_receiver_has_its_share_of_connections_and_no_more() {
    for (flags, share) in [(&[][..], 32), (&["--callback-connections", "3"], 3)] {
        let service = start(flags);
        let receiver = Receiver::answering(|_| Reply::Hold);
        let enterprise = hearing(&service, &receiver.url).await;
        test_events(&enterprise, 200).await;
        receiver.wait_for(share).await;
        let_through(&service).await;
        assert_eq!((receiver.requests().len(), receiver.answering_now()), (share, share));
        receiver.answer(|_| Reply::Ack);
        receiver.release();
        let requests = receiver.wait_for(200).await;
        assert_eq!(requests.iter().map(|r| r.at_once).max(), Some(share));
    }
}

#[tokio::test]
async fn a_rush_goes_over_the_connections_that_are_open_however_many_receivers_a_host_has() {
    let service = start(&[]);
    let receiver = Receiver::answering(|_| Reply::Hold);
    let (one, another) = (hearing(&service, &receiver.url).await, hearing(&service, &receiver.url).await);
    test_events(&one, 400).await;
    test_events(&another, 400).await;
    receiver.wait_for(64).await;
    receiver.answer(|_| Reply::Ack);
    receiver.release();
    let requests = receiver.wait_for(800).await;
    let connections: HashSet<usize> = requests.iter().map(|request| request.connection).collect();
    // A few more are opened when one is just being given back as another is asked for.
    assert!(connections.len() <= 72, "{} connections", connections.len());
}

#[tokio::test]
async fn a_receiver_that_times_out_is_probed_one_at_a_time_until_it_answers() {
    const SHARE: usize = 4;
    let service = start(&["--callback-timeout-seconds", "0.5", "--callback-connections", "4"]);
    let receiver = Receiver::answering(|_| Reply::Hang);
    let enterprise = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 60).await;
    receiver.wait_for(SHARE + 2).await;
    // A connection that breaks is no answer.
    receiver.answer(|_| Reply::Close);
    let broken = receiver.wait_for(SHARE + 5).await.len();
    receiver.answer(|_| Reply::Hang);
    let probed = receiver.wait_for(broken + 3).await;
    let at_once: Vec<usize> = probed[SHARE..].iter().map(|request| request.at_once).collect();
    assert_eq!(at_once, vec![1; at_once.len()]);

    // Any answer ends it.
    let answered = probed.len();
    let first = AtomicBool::new(true);
    receiver.answer(move |_| {
        if first.swap(false, Ordering::Relaxed) { Reply::Whole(500, "text/plain", String::new()) } else { Reply::Hang }
    });
    let requests = receiver
        .wait_until("all connections again", |requests| requests[answered..].iter().any(|r| r.at_once == SHARE))
        .await;
    assert!(requests.iter().all(|request| request.at_once <= SHARE));
}

#[tokio::test]
async fn what_is_tried_again_goes_to_the_address_of_then() {
    let service = start(&[]);
    let (old, new) = (Receiver::answering(|_| Reply::Close), Receiver::start());
    let enterprise = hearing(&service, &old.url).await;
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
    let enterprise = hearing(&service, &old.url).await;
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
    let enterprise = hearing(&service, &old.url).await;
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
    let enterprise = hearing(&service, &receiver.url).await;
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
    let enterprise = hearing(&service, &receiver.url).await;
    let sdkappid = enterprise.sdkappid.to_string();
    command(&service, &["pause", &sdkappid]).unwrap();
    test_events(&enterprise, 5).await;
    let_through(&service).await;
    assert!(receiver.requests().is_empty());
    command(&service, &["resume", &sdkappid]).unwrap();
    assert_eq!(receiver.wait_for(5).await.len(), 5);
    assert!(command(&service, &["pause", "1"]).unwrap_err().contains("no enterprise has 1"));
}

#[tokio::test]
async fn what_is_not_delivered_when_the_service_stops_is_delivered_after_its_start() {
    let mut service = start(&["--callback-timeout-seconds", "0.5", "--callback-connections", "4"]);
    let receiver = Receiver::answering(|_| Reply::Hang);
    let enterprise = hearing(&service, &receiver.url).await;
    let sdkappid = enterprise.sdkappid;
    let mut class_ids = Vec::new();
    for _ in 0..10 {
        class_ids.push(enterprise.class(json!({})).await);
    }
    moves(&enterprise, &class_ids, 3).await;
    receiver.wait_for(4).await;
    service.restart();

    let enterprise = service.known(sdkappid).await;
    // What was under way at the stop has failed and is tried later; the rest is sent at once.
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
    let enterprise = hearing(&service, &receiver.url).await;
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
    wait_for_state(&service.known(sdkappid).await, "delivered", 1).await;
}

#[tokio::test]
async fn deliveries_of_a_class_that_was_removed_arrive() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
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
    let enterprise = hearing(&service, &receiver.url).await;
    test_events(&enterprise, 30).await;
    receiver.wait_for(4).await;
    let sdkappid = enterprise.sdkappid;
    let remove = move |conn: &mut _| domain::tenancy::enterprise::delete(conn, sdkappid);
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
    let enterprise = hearing(&service, &receiver.url).await;
    let silent = hearing(&service, "").await;
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

    // 25 hours after the first.
    service.pass(2 * HOUR);
    wait_for(&enterprise, json!({}), |rows| rows.len() == 2).await;
    wait_until_events(&silent, 1).await;
    wait_until_events(&enterprise, 2).await;
    assert_eq!(events(&enterprise).await, [pending["event_id"].clone(), young["event_id"].clone()]);
    enterprise.refused("callback/info", json!({"delivery_id": old["delivery_id"]}), 10003).await;
    assert!(!info(&enterprise, &young).await["attempt_list"].as_array().unwrap().is_empty());
    let (enterprise_id, delivery_id) = (enterprise.enterprise_id, old["delivery_id"].as_i64().unwrap());
    let read =
        move |conn: &mut _| Ok::<_, domain::Error>(store::events::attempt::list(conn, enterprise_id, delivery_id)?);
    assert!(service.app.db.read(read).await.unwrap().is_empty());

    // Once it is settled, nothing keeps it.
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

/// Waits until so many events are left.
async fn wait_until_events(enterprise: &Enterprise<'_>, count: usize) {
    let wait = async {
        while events(enterprise).await.len() != count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    assert!(
        tokio::time::timeout(std::time::Duration::from_mins(1), wait).await.is_ok(),
        "not {count} events: {:?}",
        events(enterprise).await
    );
}
