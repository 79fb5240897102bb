//! The database server is restarted under load, ending all connections where they are.

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
/// How long it works between them.
const BETWEEN: Duration = Duration::from_millis(500);

/// What the clients know together.
#[derive(Default)]
struct Known {
    promised: Promised,
    /// Classes of which a begin was refused, and was not tried again.
    untouched: BTreeSet<i64>,
    /// When the calls were made that were refused.
    refused: Vec<Instant>,
    in_doubt: usize,
}

/// What came of a call.
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
    let known = Arc::new(Mutex::new(Known::default()));
    let working = Arc::new(AtomicBool::new(true));
    let clients: Vec<_> =
        (0..CLIENTS).map(|_| tokio::spawn(teach(client.clone(), known.clone(), working.clone()))).collect();
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

    let known = std::mem::take(&mut *known.lock().unwrap());
    for at in &known.refused {
        let since = |back: Instant| at.saturating_duration_since(back);
        // A call that was made before may have been under way when the server went.
        let near = away.iter().any(|away| *at < away.end && *at + BETWEEN > away.start);
        assert!(near, "a call was refused {:?} after the last return", away.iter().map(|away| since(away.end)).min());
    }
    let arrived = check(&client, &receiver, &known.promised).await;
    let classes = client.classes().await;
    for class_id in &known.untouched {
        assert_eq!(classes[class_id], "will", "the begin of class {class_id} was refused");
    }
    println!(
        "{RESTARTS} restarts: {} begins and ends acknowledged, {} calls refused, {} in doubt, {} events, {} arrivals",
        known.promised.begun.len() + known.promised.over.len(),
        known.refused.len(),
        known.in_doubt,
        arrived.events,
        arrived.in_all(),
    );
    assert!(known.refused.len() + known.in_doubt > 0, "no call noticed");
    assert!(known.promised.over.len() > RESTARTS, "the load was too light");
}

/// Makes, begins and ends classes.
async fn teach(client: Client, known: Arc<Mutex<Known>>, working: Arc<AtomicBool>) {
    while working.load(Ordering::Relaxed) {
        let made = attempt(&client, &known, "class/create", json!({"teacher_id": "teacher"})).await;
        let Outcome::Done(made) = made else { continue };
        let class_id = id(&made["class_id"]);
        known.lock().unwrap().promised.created.insert(class_id);
        match attempt(&client, &known, "class/start", json!({"class_id": class_id})).await {
            Outcome::Done(_) => known.lock().unwrap().promised.begun.insert(class_id),
            Outcome::Refused => {
                known.lock().unwrap().untouched.insert(class_id);
                continue;
            }
            Outcome::InDoubt => continue,
        };
        if let Outcome::Done(_) = attempt(&client, &known, "class/stop", json!({"class_id": class_id})).await {
            known.lock().unwrap().promised.over.insert(class_id);
        }
    }
}

/// Calls; every answer is whole, in the protocol's form, and says what is known.
async fn attempt(client: &Client, known: &Mutex<Known>, call: &str, body: Value) -> Outcome {
    let at = Instant::now();
    let (status, answer) = client.ask(call, body).await.unwrap();
    match (status, id(&answer["error_code"])) {
        (200, 0) => Outcome::Done(answer),
        (503, 10202) => {
            known.lock().unwrap().refused.push(at);
            // Not to spend the outage with refusals.
            tokio::time::sleep(Duration::from_millis(5)).await;
            Outcome::Refused
        }
        (500, 10202) => {
            known.lock().unwrap().in_doubt += 1;
            Outcome::InDoubt
        }
        _ => panic!("{call}: {status} {answer}"),
    }
}
