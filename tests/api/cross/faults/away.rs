//! The database server is unavailable when the service starts, and becomes unavailable later.

use lectern::db::Db;
use lectern::domain;
use serde_json::{Value, json};

use crate::support::cluster::Cluster;
use crate::support::http;
use crate::support::process::{Process, eventually};
use crate::support::receiver::Receiver;
use crate::support::school::{Client, Promised, School, check};

/// The answer of a probe: status and body.
async fn probe(server: &Process, path: &str) -> (u16, Value) {
    let http = http::client();
    let response = http.get(format!("{}{path}", server.url)).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Checks that the service is alive, reports the problem, and answers calls with an error in the form of the protocol.
async fn says_that_the_database_is_away(server: &Process, client: &Client) {
    assert_eq!(probe(server, "/healthz").await.0, 200);
    // The reason is unknown until the first connection attempt fails.
    eventually("it says why", async || {
        let (status, body) = probe(server, "/readyz").await;
        assert_eq!(status, 503, "{body}");
        let problem = body["problem"].as_str().unwrap();
        assert!(!problem.contains("sesame"), "{problem}");
        problem.contains("Connection refused").then_some(())
    })
    .await;
    let (status, answer) = client.ask("class/create", json!({"teacher_id": "t"})).await.unwrap();
    assert_eq!((status, &answer["error_code"]), (503, &json!(10202)), "{answer}");
    assert!(answer["error_msg"].as_str().unwrap().contains("try again"), "{answer}");
}

async fn becomes_ready(server: &Process) {
    eventually("it is ready", async || (probe(server, "/readyz").await.0 == 200).then_some(())).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_server_that_starts_before_its_database_serves_when_that_is_available_and_available_again() {
    let cluster = Cluster::start_new();
    let receiver = Receiver::start();
    let school = School::found(&cluster.url(), &receiver.url).await;
    cluster.stop();

    let server = Process::launch(&cluster.url(), &[]);
    let client = school.client(&server);
    says_that_the_database_is_away(&server, &client).await;
    cluster.start();
    becomes_ready(&server).await;
    // The background workers run too.
    let mut promised = Promised { begun: client.begin(2).await.into_iter().collect(), ..Promised::default() };
    check(&client, &receiver, &promised).await;

    cluster.stop();
    says_that_the_database_is_away(&server, &client).await;
    cluster.start();
    becomes_ready(&server).await;
    promised.begun.extend(client.begin(2).await);
    assert_eq!(check(&client, &receiver, &promised).await.events, 4);
    assert!(server.logged("sesame").is_empty());
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn an_empty_database_that_comes_late_gets_its_tables_and_the_demo() {
    let cluster = Cluster::create();
    let mut server = Process::launch(&cluster.url(), &["--demo", "true"]);
    let mut other = Process::launch(&cluster.url(), &["--demo", "true"]);
    cluster.start();
    for server in [&server, &other] {
        becomes_ready(server).await;
        eventually("it serves", async || server.logged("serving at").pop()).await;
    }
    let migrated = [server.logged("migrated the database"), other.logged("migrated the database")];
    assert_eq!(migrated.iter().filter(|lines| !lines.is_empty()).count(), 1, "{migrated:?}");
    let db = Db::open(&cluster.url()).unwrap();
    let all = db.read(|conn| Ok::<_, domain::Error>(domain::tenancy::enterprise::all(conn)?)).await.unwrap();
    let names: Vec<String> = all.into_iter().map(|enterprise| enterprise.name).collect();
    assert_eq!(names, ["Demo"]);
    cluster.stop();
    for server in [&mut server, &mut other] {
        server.signal("TERM");
        assert!(server.ended().await.success());
    }
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_server_that_waits_for_its_database_stops_on_a_signal() {
    let cluster = Cluster::create();
    let mut server = Process::launch(&cluster.url(), &[]);
    eventually("it says what is wrong", async || server.logged("Connection refused").pop()).await;
    server.signal("TERM");
    assert!(server.ended().await.success());
}
