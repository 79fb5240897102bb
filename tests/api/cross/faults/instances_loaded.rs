//! Three instances under load: each event is delivered once, also when one instance is killed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use lectern::clock::Clock;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::instances::Trio;
use crate::support::process::eventually;
use crate::support::receiver::{Receiver, Reply};
use crate::support::school::{Client, Promised, check, claims_in, id};

const CLIENTS: usize = 6;
/// How long a claim lasts without a renewal. With the time to look, another instance has it within two seconds.
const LEASE: i64 = 1_400;

/// Clients that create, begin and end classes until they are stopped.
struct Load {
    clients: Vec<JoinHandle<usize>>,
    promised: Arc<Mutex<Promised>>,
    working: Arc<AtomicBool>,
}

impl Load {
    fn begin(client: &Client) -> Self {
        let (promised, working) = (Arc::<Mutex<Promised>>::default(), Arc::new(AtomicBool::new(true)));
        let teach = |_| tokio::spawn(teach(client.clone(), promised.clone(), working.clone()));
        Self { clients: (0..CLIENTS).map(teach).collect(), promised, working }
    }

    /// What was acknowledged, and how many calls had no answer.
    async fn end(self) -> (Promised, usize) {
        self.working.store(false, Ordering::Relaxed);
        let broken_off = join_all(self.clients).await.into_iter().map(Result::unwrap).sum();
        (std::mem::take(&mut *self.promised.lock().unwrap()), broken_off)
    }
}

async fn teach(client: Client, promised: Arc<Mutex<Promised>>, working: Arc<AtomicBool>) -> usize {
    let mut broken_off = 0;
    while working.load(Ordering::Relaxed) {
        broken_off += usize::from(teach_one(&client, &promised).await.is_err());
    }
    broken_off
}

/// One class from its creation to its end.
async fn teach_one(client: &Client, promised: &Mutex<Promised>) -> reqwest::Result<()> {
    let ok = async |call: &str, body: Value| -> reqwest::Result<Value> {
        let answer = client.call(call, body).await?;
        assert_eq!(answer["error_code"], 0, "{call}: {answer}");
        Ok(answer)
    };
    let class_id = id(&ok("class/create", json!({"teacher_id": "teacher"})).await?["class_id"]);
    promised.lock().unwrap().created.insert(class_id);
    ok("class/start", json!({"class_id": class_id})).await?;
    promised.lock().unwrap().begun.insert(class_id);
    ok("class/stop", json!({"class_id": class_id})).await?;
    promised.lock().unwrap().over.insert(class_id);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "on PostgreSQL"]
async fn every_event_is_delivered_once_and_in_order_by_one_of_the_instances() {
    let receiver = Receiver::start();
    let trio = Trio::open(&receiver, &[]).await;
    let load = Load::begin(&trio.any());
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (promised, broken_off) = load.end().await;
    assert_eq!(broken_off, 0);
    let arrived = check(&trio.any(), &receiver, &promised).await;
    assert_eq!(arrived.in_all(), arrived.events, "none came twice");
    println!("{} events, each delivered once", arrived.events);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "on PostgreSQL"]
async fn what_a_killed_instance_had_promised_is_there_and_what_it_held_goes_on_elsewhere() {
    let receiver = Receiver::start();
    let mut trio = Trio::open(&receiver, &["--callback-connections", "4"]).await;
    let (any, database_url) = (trio.any(), trio.school.database_url.clone());
    let load = Load::begin(&any);
    receiver.wait_for(100).await;
    receiver.answer(|_| Reply::Hold);
    eventually("all are sending as much as they may", async || (receiver.answering_now() >= 12).then_some(())).await;
    trio.servers.remove(0).kill();
    let held = claims_in(&database_url);
    // The other instances continue to renew their claims.
    let last = held.iter().map(|claim| claim.lease_until).max().unwrap();
    let left = last - Clock::System.now();
    assert!(left <= LEASE, "a claim holds for {left} ms more");
    receiver.answer(|_| Reply::Ack);
    receiver.release();
    let begun = Instant::now();
    let held: BTreeSet<i64> = held.into_iter().map(|claim| claim.event_id).collect();
    eventually("what was held is held by nobody", async || {
        let now = claims_in(&database_url);
        now.iter().all(|claim| !held.contains(&claim.event_id)).then_some(())
    })
    .await;
    println!("{} claims went on within {:?}", held.len(), begun.elapsed());
    let (promised, broken_off) = load.end().await;
    assert!(promised.over.len() > 10, "the load was too light");
    assert!(broken_off <= CLIENTS, "the other instances broke off calls: {broken_off}");
    let arrived = check(&any, &receiver, &promised).await;
    for (event_id, times) in arrived.times {
        assert!(times <= 1 + usize::from(held.contains(&event_id)), "evt_{event_id} came {times} times");
    }
}
