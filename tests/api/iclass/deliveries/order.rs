//! Events of one class are delivered in order, and no class waits for another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use lectern::domain::tenancy::enterprise::Patch;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use crate::support::receiver::{Receiver, Reply, Request};
use crate::support::service::{Enterprise, Service};
use crate::support::webhooks::{moves, start, start_now, subscribed, test_events, wait_for, wait_for_state};

/// The class and the number of the event in it.
pub fn place(request: &Request) -> (i64, i64) {
    (request.data("class_id"), request.number("lectern-sequence"))
}

/// Delivers an event to another receiver and waits for it. By then all earlier deliveries that can be sent were sent.
pub async fn let_through(service: &Service) {
    let receiver = Receiver::start();
    let other = subscribed(service, &receiver.url).await;
    test_events(&other, 1).await;
    receiver.wait_for(1).await;
}

/// Waits until the first event of a class has this many attempts.
pub async fn first_tried(enterprise: &Enterprise<'_>, class_id: i64, attempts: i64) {
    wait_for(enterprise, json!({"class_id": class_id}), |rows| rows.last().unwrap()["attempts"] == attempts).await;
}

#[tokio::test]
async fn the_events_of_a_class_wait_for_its_first_and_for_no_other_class() {
    let service = start(&[]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
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
    let enterprise = subscribed(&service, &receiver.url).await;
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
    let enterprise = subscribed(&service, &receiver.url).await;
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
    // A join by a participant who is already inside publishes no event, so three moves are two events.
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
    let enterprise = subscribed(&service, &receiver.url).await;
    let mut class_ids = Vec::new();
    for _ in 0..CLASSES {
        class_ids.push(enterprise.class(json!({})).await);
    }
    moves(&enterprise, &class_ids, EVENTS / 2).await;
    // The next events come while earlier ones are in flight.
    receiver.wait_for(CLASSES).await;
    for class_id in &class_ids {
        enterprise.ok("class/start", json!({"class_id": class_id})).await;
    }
    moves(&enterprise, &class_ids, EVENTS / 2).await;

    let all = || acknowledged.lock().unwrap().values().map(Vec::len).sum::<usize>();
    // After the first half the pupil is inside, so the first join of the second half publishes no event.
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
