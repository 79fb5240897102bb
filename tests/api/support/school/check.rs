//! Checks that all acknowledged changes are stored and their events have arrived.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::client::Client;
use super::{Promised, id};
use crate::support::receiver::{Receiver, Request};

/// The received events.
pub struct Arrived {
    /// How often each event arrived, by `event_id`.
    pub times: BTreeMap<i64, usize>,
    /// The number of events.
    pub events: usize,
}

impl Arrived {
    /// The number of requests.
    pub fn in_all(&self) -> usize {
        self.times.values().sum()
    }
}

/// Compares the database and the received events with the acknowledged changes, after all deliveries are settled. Every
/// acknowledged change is stored. Every class has exactly the events of its state, numbered from 1. Each event was delivered, in
/// order.
pub async fn check(client: &Client, receiver: &Receiver, promised: &Promised) -> Arrived {
    client.settled().await;
    let (classes, feed, requests) = (client.classes().await, client.feed().await, receiver.requests());
    for class_id in &promised.created {
        assert!(classes.contains_key(class_id), "class {class_id} was created and is not there");
    }
    for class_id in &promised.begun {
        assert_ne!(classes[class_id], "will", "class {class_id} was begun");
    }
    for class_id in &promised.over {
        assert_eq!(classes[class_id], "end", "class {class_id} was ended");
    }

    let mut published: BTreeMap<i64, Vec<(i64, &str)>> = BTreeMap::new();
    for event in &feed {
        let published = published.entry(id(&event["class_id"])).or_default();
        published.push((id(&event["sequence"]), event["event"].as_str().unwrap()));
    }
    for (class_id, state) in &classes {
        let expected: &[_] = match state.as_str() {
            "will" => &[],
            "ing" => &[(1, "class_begin")],
            _ => &[(1, "class_begin"), (2, "class_over")],
        };
        assert_eq!(published.remove(class_id).unwrap_or_default(), expected, "class {class_id} is {state}");
    }
    assert!(published.is_empty(), "events of classes that are not there: {published:?}");

    assert_eq!(client.deliveries("dead").await, 0);
    assert_eq!(client.deliveries("delivered").await, feed.len());
    let times = check_arrivals(&feed, &requests);
    Arrived { times, events: feed.len() }
}

/// Checks that every event arrived as it is in the feed, and in the order of its class.
fn check_arrivals(feed: &[Value], requests: &[Arc<Request>]) -> BTreeMap<i64, usize> {
    let events: BTreeMap<i64, &Value> = feed.iter().map(|event| (id(&event["event_id"]), event)).collect();
    let mut times = BTreeMap::new();
    let mut last = BTreeMap::new();
    for request in requests {
        let event_id = request.header("webhook-id").strip_prefix("evt_").unwrap().parse().unwrap();
        let event = events[&event_id];
        assert_eq!((&request.body["event"], &request.body["data"]), (&event["event"], &event["data"]));
        let (class_id, sequence) = (id(&event["class_id"]), id(&event["sequence"]));
        assert_eq!(request.number("lectern-sequence"), sequence);
        let times = times.entry(event_id).or_insert(0);
        *times += 1;
        if *times == 1 {
            let before = last.insert(class_id, sequence).unwrap_or(0);
            assert_eq!(before + 1, sequence, "class {class_id}: out of order");
        }
    }
    for event_id in events.keys() {
        assert!(times.contains_key(event_id), "evt_{event_id} is delivered and never arrived");
    }
    times
}
