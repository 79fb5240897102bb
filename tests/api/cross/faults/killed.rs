//! SIGKILL at any moment: what was acknowledged is there and arrives.

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

/// What the clients know together.
#[derive(Clone, Default)]
struct Known(Arc<Mutex<Work>>);

#[derive(Default)]
struct Work {
    promised: Promised,
    /// Classes that go on, to be ended some time.
    left: Vec<i64>,
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.0.lock().unwrap()
    }
}

#[tokio::test]
async fn what_was_acknowledged_arrives_though_the_server_is_killed_again_and_again() {
    let database = Database::create();
    let receiver = Receiver::start();
    let school = School::found(&database.url, &receiver.url).await;
    let known = Known::default();
    // A server that was killed leaves its claims for longer than a round where others could hold them.
    let rounds = if school.file().is_some() { 100 } else { 30 };
    let mut moments = StdRng::seed_from_u64(SEED);
    // How often each event was in the hands of a server that was killed.
    let mut in_hands: BTreeMap<i64, usize> = BTreeMap::new();
    for _ in 0..rounds {
        let (server, client) = school.open(&["--callback-retry-seconds", "0.2"]);
        let clients: Vec<_> = (0..CLIENTS).map(|n| tokio::spawn(teach(client.clone(), n, known.clone()))).collect();
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
    let promised = std::mem::take(&mut known.lock().promised);
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

/// Makes, begins and ends classes until the server is gone.
async fn teach(client: Client, number: usize, known: Known) {
    for turn in number.. {
        let Ok(made) = client.call("class/create", json!({"teacher_id": "teacher"})).await else { return };
        assert_eq!(made["error_code"], 0, "{made}");
        let class_id = id(&made["class_id"]);
        known.lock().promised.created.insert(class_id);
        if !change(&client, "class/start", class_id).await {
            return;
        }
        known.lock().promised.begun.insert(class_id);
        // Every third class goes on, and may be ended by the server of a later round.
        let ending = if turn % 3 == 0 { known.lock().left.pop() } else { Some(class_id) };
        if let Some(ending) = ending {
            if !change(&client, "class/stop", ending).await {
                return;
            }
            known.lock().promised.over.insert(ending);
        }
        if turn % 3 == 0 {
            known.lock().left.push(class_id);
        }
    }
}

/// Begins or ends a class; says whether there was an answer.
async fn change(client: &Client, call: &str, class_id: i64) -> bool {
    let Ok(answer) = client.call(call, json!({"class_id": class_id})).await else { return false };
    assert_eq!(answer["error_code"], 0, "{call} {class_id}: {answer}");
    true
}

/// What a killed server held. Of a file that is read from a copy, so that the next server finds the file as the kill left it.
fn left_claimed(school: &School) -> Vec<i64> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("lectern.db");
    let mut database_url = school.database_url.clone();
    if let Some(file) = school.file().map(Path::new) {
        std::fs::copy(file, &copy).unwrap();
        // Gone when the server had put all of it into the file.
        let _ = std::fs::copy(file.with_extension("db-wal"), copy.with_extension("db-wal"));
        database_url = format!("sqlite://{}", copy.display());
    }
    claims_in(&database_url).into_iter().map(|claim| claim.event_id).collect()
}
