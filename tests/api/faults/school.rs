//! An enterprise that hears of all its classes, and what its clients were promised.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use lectern::clock::{Clock, seconds};
use lectern::db::Db;
use lectern::domain;
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Patch};
use lectern::protocol::iclass::sign;
use serde_json::{Value, json};

use super::process::{Process, eventually};
use crate::receiver::{Receiver, Request};

/// An enterprise in a database of its own.
pub struct School {
    pub database_url: String,
    pub enterprise: Enterprise,
}

/// Calls one process for the school.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    sdkappid: i64,
    tic_key: String,
}

/// What was answered with `error_code` 0, by `class_id`.
#[derive(Default)]
pub struct Promised {
    pub created: BTreeSet<i64>,
    pub begun: BTreeSet<i64>,
    pub over: BTreeSet<i64>,
}

/// What arrived in the end.
pub struct Arrived {
    /// How often each event arrived, by `event_id`.
    pub times: BTreeMap<i64, usize>,
    /// Events in all.
    pub events: usize,
}

impl School {
    /// Makes the tables in a SQLite file.
    pub async fn in_folder(folder: &Path, call_back_url: &str) -> Self {
        Self::found(&format!("sqlite://{}/lectern.db", folder.display()), call_back_url).await
    }

    /// Makes the tables in an empty database.
    pub async fn found(database_url: &str, call_back_url: &str) -> Self {
        let db = Db::open(database_url).unwrap();
        db.migrate().unwrap();
        let (now, call_back_url) = (Clock::System.now(), Some(call_back_url.to_owned()));
        let founded = db.write(move |conn| {
            let made =
                enterprise::create(conn, Draft { name: "School".into(), call_back_url, ..Draft::default() }, now)?;
            let patch = Patch {
                callback_on_api: Some(true),
                callback_events: Some(vec![Extra::JoinClass, Extra::QuitClass]),
                ..Patch::default()
            };
            enterprise::modify(conn, made.sdkappid, patch)?;
            enterprise::require(conn, made.sdkappid)
        });
        let enterprise: domain::Result<Enterprise> = founded.await;
        Self { database_url: database_url.to_owned(), enterprise: enterprise.unwrap() }
    }

    /// Starts a process on the database, with a client of it.
    pub fn open(&self, flags: &[&str]) -> (Process, Client) {
        let process = Process::start(&self.database_url, flags);
        let client = self.client(&process);
        (process, client)
    }

    /// Whether nobody is writing to the database.
    pub fn is_writable(&self) -> bool {
        if let Some(file) = self.file() {
            return SqliteConnection::establish(file).unwrap().batch_execute("BEGIN IMMEDIATE; ROLLBACK").is_ok();
        }
        let busy = "SELECT count(*) AS number FROM pg_stat_activity WHERE datname = current_database() \
            AND pid <> pg_backend_pid() AND state <> 'idle'";
        let mut conn = PgConnection::establish(&self.database_url).unwrap();
        diesel::sql_query(busy).get_result::<Number>(&mut conn).unwrap().number == 0
    }

    /// When the leases of what is claimed end.
    pub fn claims(&self) -> Vec<i64> {
        claims_in(&self.database_url).into_iter().map(|claim| claim.lease_until).collect()
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<&str> {
        self.database_url.strip_prefix("sqlite://")
    }

    pub fn client(&self, process: &Process) -> Client {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        self.client_over(http, &process.url)
    }

    /// A client that opens a connection for each call.
    pub fn client_at(&self, url: &str) -> Client {
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        self.client_over(http, url)
    }

    fn client_over(&self, http: reqwest::Client, url: &str) -> Client {
        Client {
            http,
            url: url.to_owned(),
            sdkappid: self.enterprise.sdkappid,
            tic_key: self.enterprise.tic_key.clone(),
        }
    }
}

impl Arrived {
    /// How many requests came.
    pub fn in_all(&self) -> usize {
        self.times.values().sum()
    }
}

impl Client {
    /// The same with another key.
    pub fn with_key(&self, tic_key: &str) -> Self {
        Self { tic_key: tic_key.to_owned(), ..self.clone() }
    }

    /// Calls; an error is an answer that did not come, or not whole.
    pub async fn call(&self, call: &str, body: Value) -> reqwest::Result<Value> {
        Ok(self.ask(call, body).await?.1)
    }

    /// As [`Client::call`], with the HTTP status.
    pub async fn ask(&self, call: &str, body: Value) -> reqwest::Result<(u16, Value)> {
        self.ask_with(call, body, &[]).await
    }

    /// As [`Client::ask`], with more headers.
    pub async fn ask_with(
        &self,
        call: &str,
        body: Value,
        headers: &[(&'static str, &str)],
    ) -> reqwest::Result<(u16, Value)> {
        let request = self.http.post(self.signed(call)).body(body.to_string());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }

    /// Sends a body as it is.
    pub async fn post(&self, call: &str, body: reqwest::Body) -> reqwest::Result<reqwest::Response> {
        self.http.post(self.signed(call)).body(body).send().await
    }

    fn signed(&self, call: &str) -> String {
        let expire_time = seconds(Clock::System.now()) + 3600;
        let sign = sign::sign(&self.tic_key, expire_time);
        let sdkappid = self.sdkappid;
        format!("{}/paas/v1/{call}?sdkappid={sdkappid}&random=1&expire_time={expire_time}&sign={sign}", self.url)
    }

    /// Calls, and expects it to go well.
    pub async fn ok(&self, call: &str, body: Value) -> Value {
        let answer = self.call(call, body).await.unwrap();
        assert_eq!(answer["error_code"], 0, "{call}: {answer}");
        answer
    }

    /// Makes classes and begins them.
    pub async fn begin(&self, classes: usize) -> Vec<i64> {
        let mut begun = Vec::new();
        for _ in 0..classes {
            let class_id = id(&self.ok("class/create", json!({"teacher_id": "teacher"})).await["class_id"]);
            self.ok("class/start", json!({"class_id": class_id})).await;
            begun.push(class_id);
        }
        begun
    }

    /// How many deliveries are in a state.
    pub async fn deliveries(&self, state: &str) -> usize {
        let mut found = 0;
        loop {
            let page = self.ok("callback/list", json!({"state": state, "index": found})).await;
            found += page["list"].as_array().unwrap().len();
            if page["finish"] == true {
                return found;
            }
        }
    }

    /// Waits until nothing is on its way.
    pub async fn settled(&self) {
        eventually("nothing is pending", async || (self.deliveries("pending").await == 0).then_some(())).await;
    }

    /// All events.
    pub async fn feed(&self) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| id(&event["event_id"]));
            let page = self.ok("event/list", json!({"after": after})).await;
            events.extend(page["list"].as_array().unwrap().iter().cloned());
            if page["finish"] == true {
                return events;
            }
        }
    }

    /// All classes with their states.
    pub async fn classes(&self) -> BTreeMap<i64, String> {
        let mut classes = BTreeMap::new();
        loop {
            let page = self.ok("class/list", json!({"index": classes.len(), "create_time_desc": false})).await;
            for class in page["list"].as_array().unwrap() {
                classes.insert(id(&class["class_id"]), class["class_status"].as_str().unwrap().to_owned());
            }
            if page["finish"] == true {
                return classes;
            }
        }
    }
}

/// Holds, when nothing is on its way any more, the database and what arrived against what was promised: every change that
/// was answered is there, every class has the events of its state and no others, numbered from 1, and each of them was
/// delivered, in order.
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

    let mut told: BTreeMap<i64, Vec<(i64, &str)>> = BTreeMap::new();
    for event in &feed {
        let told = told.entry(id(&event["class_id"])).or_default();
        told.push((id(&event["sequence"]), event["event"].as_str().unwrap()));
    }
    for (class_id, state) in &classes {
        let expected: &[_] = match state.as_str() {
            "will" => &[],
            "ing" => &[(1, "class_begin")],
            _ => &[(1, "class_begin"), (2, "class_over")],
        };
        assert_eq!(told.remove(class_id).unwrap_or_default(), expected, "class {class_id} is {state}");
    }
    assert!(told.is_empty(), "events of classes that are not there: {told:?}");

    assert_eq!(client.deliveries("dead").await, 0);
    assert_eq!(client.deliveries("delivered").await, feed.len());
    let times = check_arrivals(&feed, &requests);
    Arrived { times, events: feed.len() }
}

/// Every event arrived as the feed has it, and within its class first after those before it.
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

/// What a statement finds in a database, whichever it is.
macro_rules! rows_of {
    ($database_url:expr, $sql:expr) => {
        match $database_url.strip_prefix("sqlite://") {
            None => diesel::sql_query($sql).load(&mut PgConnection::establish($database_url).unwrap()).unwrap(),
            Some(file) => {
                let mut conn = SqliteConnection::establish(file).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
                diesel::sql_query($sql).load(&mut conn).unwrap()
            }
        }
    };
}

/// What workers hold.
#[derive(QueryableByName)]
pub struct Claim {
    #[diesel(sql_type = BigInt)]
    pub event_id: i64,
    #[diesel(sql_type = BigInt)]
    pub lease_until: i64,
}

/// A count.
#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The deliveries that are claimed in a database.
pub fn claims_in(database_url: &str) -> Vec<Claim> {
    rows_of!(database_url, "SELECT event_id, lease_until FROM deliveries WHERE state = 'claimed'")
}

/// The numbers that a statement finds in a database.
pub fn numbers_in(database_url: &str, sql: &str) -> Vec<i64> {
    let rows: Vec<Number> = rows_of!(database_url, sql);
    rows.into_iter().map(|row| row.number).collect()
}

/// A number that must be there.
pub fn id(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}
