//! SIGKILL at any moment: acknowledged changes are stored, and their events arrive.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use crate::support::database::Database;
use crate::support::receiver::Receiver;
use crate::support::school::{Client, Promised, School, check, claims_in, id};

const CLIENTS: usize = 4;
const SEED: u64 = 20_190_522;

/// The shared state of the clients.
#[derive(Clone, Default)]
struct Acknowledged(Arc<Mutex<Work>>);

#[derive(Default)]
struct Work {
    promised: Promised,
    /// Classes in progress, to be ended later.
    left: Vec<i64>,
}

impl Acknowledged {
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.0.lock().unwrap()
    }
}

#[tokio::test]
async fn what_was_acknowledged_arrives_though_the_server_is_killed_again_and_again() {
    let database = Database::create();
    let receiver = Receiver::start();
    let school = School::found(&database.url, &receiver.url).await;
    let acknowledged = Acknowledged::default();
    // With several servers, the claims of a killed one last longer than a round.
    let rounds = if school.file().is_some() { 100 } else { 30 };
    let mut moments = StdRng::seed_from_u64(SEED);
    // How often each event was claimed by a server that was killed.
    let mut in_hands: BTreeMap<i64, usize> = BTreeMap::new();
    for _ in 0..rounds {
        let (server, client) = school.open(&["--callback-retry-seconds", "0.2"]);
        let clients: Vec<_> =
            (0..CLIENTS).map(|n| tokio::spawn(teach(client.clone(), n, acknowledged.clone()))).collect();
        tokio::time::sleep(Duration::from_millis(moments.random_range(20..300))).await;
        server.kill();
        for client in clients {
            client.await.unwrap();
        }
        for event_id in left_claimed(&school) {
            *in_hands.entry(event_id).or_default() += 1;
        }
    }
    let (_server, client) = school.open(&["--callback-retry-seconds", "0.2"]);
    let promised = std::mem::take(&mut acknowledged.lock().promised);
    let arrived = check(&client, &receiver, &promised).await;
    for (event_id, times) in &arrived.times {
        let allowed = 1 + in_hands.get(event_id).copied().unwrap_or(0);
        assert!(*times <= allowed, "evt_{event_id} arrived {times} times, and was held at {} kills", allowed - 1);
    }
    let arrivals = arrived.in_all();
    let promised = promised.begun.len() + promised.over.len();
    println!(
        "{rounds} kills: {promised} starts and stops acknowledged, {} events delivered; {arrivals} arrivals, {} of them \
         again; {} deliveries were in hand at a kill",
        arrived.events,
        arrivals - arrived.events,
        in_hands.values().sum::<usize>()
    );
    assert!(promised > rounds, "the load was too light: {promised}");
    assert!(arrived.events >= promised);
}

/// Creates, begins and ends classes until the server is killed.
async fn teach(client: Client, number: usize, acknowledged: Acknowledged) {
    for round in number.. {
        let Ok(made) = client.call("class/create", json!({"teacher_id": "teacher"})).await else { return };
        assert_eq!(made["error_code"], 0, "{made}");
        let class_id = id(&made["class_id"]);
        acknowledged.lock().promised.created.insert(class_id);
        if !change(&client, "class/start", class_id).await {
            return;
        }
        acknowledged.lock().promised.begun.insert(class_id);
        // Every third class is left in progress, and may be ended in a later round.
        let ending = if round % 3 == 0 { acknowledged.lock().left.pop() } else { Some(class_id) };
        if let Some(ending) = ending {
            if !change(&client, "class/stop", ending).await {
                return;
            }
            acknowledged.lock().promised.over.insert(ending);
        }
        if round % 3 == 0 {
            acknowledged.lock().left.push(class_id);
        }
    }
}

/// Begins or ends a class. Returns whether there was an answer.
async fn change(client: &Client, call: &str, class_id: i64) -> bool {
    let Ok(answer) = client.call(call, json!({"class_id": class_id})).await else { return false };
    assert_eq!(answer["error_code"], 0, "{call} {class_id}: {answer}");
    true
}

/// The claims of a killed server. A SQLite file is read from a copy, so that the next server finds the file unchanged.
fn left_claimed(school: &School) -> Vec<i64> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("lectern.db");
    let mut database_url = school.database_url.clone();
    if let Some(file) = school.file().map(Path::new) {
        std::fs::copy(file, &copy).unwrap();
        // It does not exist if the server had checkpointed all of it.
        let _ = std::fs::copy(file.with_extension("db-wal"), copy.with_extension("db-wal"));
        database_url = format!("sqlite://{}", copy.display());
    }
    claims_in(&database_url).into_iter().map(|claim| claim.event_id).collect()
}
