//! SIGSTOP for longer than the lease: the server neither settles nor sends deliveries that another server has taken over.

use lectern::clock::Clock;
use serde_json::{Value, json};

use crate::support::database::Database;
use crate::support::process::{Process, eventually};
use crate::support::receiver::{Receiver, Reply};
use crate::support::school::{Client, Promised, School, check};

const CLASSES: usize = 20;
/// As many deliveries are being sent when the server is stopped. At least one more is claimed and waits.
const CONNECTIONS: usize = 4;

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_server_that_was_stopped_past_its_lease_settles_and_sends_nothing_that_was_taken_over() {
    let database = Database::create();
    let receiver = Receiver::answering(|_| Reply::Hold);
    let school = School::found(&database.url, &receiver.url).await;
    let flags = ["--callback-connections", &CONNECTIONS.to_string(), "--callback-timeout-seconds", "300"];
    let (first, client) = school.open(&flags);
    let promised = Promised { begun: client.begin(CLASSES).await.into_iter().collect(), ..Promised::default() };
    receiver.wait_for(CONNECTIONS).await;
    freeze_between_writes(&first, &school).await;
    let lease_until = school.claims().into_iter().max().unwrap();
    assert!(school.claims().len() > CONNECTIONS, "one at least waits to be sent");

    receiver.answer(|_| Reply::Ack);
    let (_second, client) = school.open(&flags);
    let arrived = check(&client, &receiver, &promised).await;
    assert_eq!(arrived.in_all(), CLASSES + CONNECTIONS, "what the first server sent, and each once from the second");
    let settled = tries(&client).await;

    eventually("the lease is over", async || (Clock::System.now() > lease_until).then_some(())).await;
    receiver.release();
    first.signal("CONT");
    eventually("the first server notices", async || {
        let taken: usize = first.logged("taken over by another worker").iter().map(|line| number_in(line)).sum();
        (taken == CONNECTIONS).then_some(())
    })
    .await;
    // The server still works: a new event is delivered once, by one of the servers.
    let later = school.client(&first).begin(1).await;
    eventually("the new event is delivered", async || {
        (client.deliveries("delivered").await == CLASSES + 1).then_some(())
    })
    .await;
    assert_eq!(tries(&client).await[1..], settled, "nothing of what the second server settled has changed");
    let requests = receiver.requests();
    assert_eq!(requests.len(), CLASSES + CONNECTIONS + 1, "nothing stale was sent");
    assert_eq!(requests.last().unwrap().data("class_id"), later[0]);
}

/// All deliveries with their attempts, the newest first.
async fn tries(client: &Client) -> Vec<Value> {
    let listed = client.ok("callback/list", json!({})).await;
    let mut all = Vec::new();
    for row in listed["list"].as_array().unwrap() {
        let mut info = client.ok("callback/info", json!({"delivery_id": row["delivery_id"]})).await;
        assert_eq!((&info["state"], &info["attempts"]), (&json!("delivered"), &json!(1)));
        assert_eq!(info["attempt_list"].as_array().unwrap().len(), 1);
        info["attempt_list"][0]["sent"].take();
        all.push(info);
    }
    all
}

/// Suspends a server while it is not writing. Otherwise it would keep the write lock.
async fn freeze_between_writes(server: &Process, school: &School) {
    eventually("it is stopped while it is not writing", async || {
        server.freeze().await;
        let free = school.is_writable();
        if !free {
            server.signal("CONT");
        }
        free.then_some(())
    })
    .await;
}

fn number_in(line: &str) -> usize {
    let words: Vec<&str> = line.split(' ').collect();
    let at = words.iter().position(|word| *word == "deliveries").unwrap();
    words[at - 1].parse().unwrap()
}
