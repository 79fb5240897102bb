//! The database server is restarted under load, which breaks all connections.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cluster::Cluster;
use crate::support::receiver::Receiver;
use crate::support::school::{Client, Promised, School, check, id};

const CLIENTS: usize = 6;
const RESTARTS: usize = 3;
/// The time between restarts.
const BETWEEN: Duration = Duration::from_millis(500);

/// The shared state of the clients.
#[derive(Default)]
struct Outcomes {
    promised: Promised,
    /// Classes whose begin failed and was not retried.
    untouched: BTreeSet<i64>,
    /// The times of failed calls.
    refused: Vec<Instant>,
    in_doubt: usize,
}

/// The outcome of a call.
enum Outcome {
    Done(Value),
    Refused,
    InDoubt,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "on PostgreSQL"]
async fn a_restart_of_the_database_under_load_loses_nothing_and_leaves_no_broken_connection_behind() {
    let cluster = Cluster::start_new();
    let receiver = Receiver::start();
    let school = School::found(&cluster.url(), &receiver.url).await;
    let (_server, client) = school.open(&["--callback-retry-seconds", "0.2"]);
    let outcomes = Arc::new(Mutex::new(Outcomes::default()));
    let working = Arc::new(AtomicBool::new(true));
    let clients: Vec<_> =
        (0..CLIENTS).map(|_| tokio::spawn(teach(client.clone(), outcomes.clone(), working.clone()))).collect();
    let mut away = Vec::new();
    for _ in 0..RESTARTS {
        tokio::time::sleep(BETWEEN).await;
        let begun = Instant::now();
        tokio::task::block_in_place(|| cluster.restart_at_once());
        away.push(begun..Instant::now());
    }
    tokio::time::sleep(BETWEEN).await;
    working.store(false, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }

    let outcomes = std::mem::take(&mut *outcomes.lock().unwrap());
    for at in &outcomes.refused {
        let since = |back: Instant| at.saturating_duration_since(back);
        // An earlier call may have been in flight when the server stopped.
        let near = away.iter().any(|away| *at < away.end && *at + BETWEEN > away.start);
        assert!(near, "a call was refused {:?} after the last return", away.iter().map(|away| since(away.end)).min());
    }
    let arrived = check(&client, &receiver, &outcomes.promised).await;
    let classes = client.classes().await;
    for class_id in &outcomes.untouched {
        assert_eq!(classes[class_id], "will", "the begin of class {class_id} was refused");
    }
    println!(
        "{RESTARTS} restarts: {} begins and ends acknowledged, {} calls refused, {} in doubt, {} events, {} arrivals",
        outcomes.promised.begun.len() + outcomes.promised.over.len(),
        outcomes.refused.len(),
        outcomes.in_doubt,
        arrived.events,
        arrived.in_all(),
    );
    assert!(outcomes.refused.len() + outcomes.in_doubt > 0, "no call noticed");
    assert!(outcomes.promised.over.len() > RESTARTS, "the load was too light");
}

/// Creates, begins and ends classes.
async fn teach(client: Client, outcomes: Arc<Mutex<Outcomes>>, working: Arc<AtomicBool>) {
    while working.load(Ordering::Relaxed) {
        let made = attempt(&client, &outcomes, "class/create", json!({"teacher_id": "teacher"})).await;
        let Outcome::Done(made) = made else { continue };
        let class_id = id(&made["class_id"]);
        outcomes.lock().unwrap().promised.created.insert(class_id);
        match attempt(&client, &outcomes, "class/start", json!({"class_id": class_id})).await {
            Outcome::Done(_) => outcomes.lock().unwrap().promised.begun.insert(class_id),
            Outcome::Refused => {
                outcomes.lock().unwrap().untouched.insert(class_id);
                continue;
            }
            Outcome::InDoubt => continue,
        };
        if let Outcome::Done(_) = attempt(&client, &outcomes, "class/stop", json!({"class_id": class_id})).await {
            outcomes.lock().unwrap().promised.over.insert(class_id);
        }
    }
}

/// Makes a call, checks that the answer is complete and in the form of the protocol, and records the outcome.
async fn attempt(client: &Client, outcomes: &Mutex<Outcomes>, call: &str, body: Value) -> Outcome {
    let at = Instant::now();
    let (status, answer) = client.ask(call, body).await.unwrap();
    match (status, id(&answer["error_code"])) {
        (200, 0) => Outcome::Done(answer),
        (503, 10202) => {
            outcomes.lock().unwrap().refused.push(at);
            // Do not fill the outage with failed calls.
            tokio::time::sleep(Duration::from_millis(5)).await;
            Outcome::Refused
        }
        (500, 10202) => {
            outcomes.lock().unwrap().in_doubt += 1;
            Outcome::InDoubt
        }
        _ => panic!("{call}: {status} {answer}"),
    }
}
