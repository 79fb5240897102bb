//! Connections break and servers are killed at any moment: what was acknowledged is there, once and in one order, for everybody.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use lectern::db::Db;
use lectern::domain::classroom::log;
use lectern::domain::ids::ClassId;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::support::channel::Channel;
use crate::support::database::Database;
use crate::support::process::{Process, eventually};
use crate::support::school::{School, id};

const PEOPLE: [&str; 4] = ["li", "wang", "zhao", "qian"];
const SEEDS: [u64; 3] = [1, 20_190_522, 4_711];
const STEPS: usize = 60;

/// A client that keeps what it receives, as a page does, and sends again what was not acknowledged.
struct Client {
    sign_in: Value,
    channel: Option<Channel>,
    last: i64,
    /// What is on the page, and who drew it.
    items: BTreeMap<String, String>,
    messages: Vec<String>,
    hands: BTreeMap<String, i64>,
    sent: usize,
}

impl Client {
    /// Connects if it is not connected, and takes what it missed.
    async fn connect(&mut self, url: &str) {
        while self.channel.is_none() {
            let mut channel = eventually("the server is there", async || Channel::connect_to(url).await).await;
            let mut message = self.sign_in.clone();
            message["last"] = json!(self.last);
            if !channel.try_send(&message).await {
                continue;
            }
            let Some(welcome) = channel.try_message().await else { continue };
            assert_eq!(welcome["type"], "welcome", "{welcome}");
            if !welcome["snapshot"].is_null() {
                assert_eq!(self.last, 0, "so few events are not a snapshot");
                self.take_snapshot(&welcome);
            }
            self.channel = Some(channel);
        }
    }

    fn take_snapshot(&mut self, welcome: &Value) {
        let snapshot = &welcome["snapshot"];
        self.last = welcome["sequence"].as_i64().unwrap();
        self.messages = snapshot["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["content"].as_str().unwrap().into())
            .collect();
        for member in snapshot["members"].as_array().unwrap() {
            self.hands.insert(member["user_id"].as_str().unwrap().into(), member["hand_up"].as_i64().unwrap());
        }
    }

    /// Makes a call until it is acknowledged.
    async fn insist(&mut self, url: &str, call: &str, body: Value) {
        loop {
            self.connect(url).await;
            let Some(channel) = &mut self.channel else { continue };
            match channel.try_call(call, body.clone()).await {
                Some(reply) => {
                    assert_eq!(reply["error_code"], 0, "{call} {body}: {reply}");
                    return self.read();
                }
                None => self.lose(),
            }
        }
    }

    /// The connection broke. What came before counts.
    fn lose(&mut self) {
        self.read();
        self.channel = None;
    }

    fn read(&mut self) {
        let Some(channel) = &mut self.channel else { return };
        for message in channel.take_waiting() {
            self.apply(&message);
        }
    }

    fn apply(&mut self, message: &Value) {
        if message["type"] != "event" {
            return;
        }
        let sequence = message["sequence"].as_i64().unwrap();
        assert!(sequence > self.last, "{sequence} after {}", self.last);
        self.last = sequence;
        let data = &message["data"];
        let text = |field: &str| data[field].as_str().unwrap().to_owned();
        match message["event"].as_str().unwrap() {
            "message" => self.messages.push(text("content")),
            "member" => drop(self.hands.insert(text("user_id"), data["hand_up"].as_i64().unwrap())),
            "member_left" => drop(self.hands.remove(&text("user_id"))),
            "drawn" => {
                for operation in data["operations"].as_array().unwrap() {
                    if operation["op"] == "add" {
                        let item = operation["item"]["id"].as_str().unwrap();
                        assert!(self.items.insert(item.to_owned(), text("user_id")).is_none(), "{item} is added once");
                    }
                    for removed in operation["ids"].as_array().into_iter().flatten() {
                        self.items.remove(removed.as_str().unwrap());
                    }
                }
            }
            _ => {}
        }
    }

    /// Reads everything that there is, until the event with this number. Another instance may send it a moment later.
    async fn settle(&mut self, url: &str, until: i64) {
        loop {
            self.connect(url).await;
            let Some(channel) = &mut self.channel else { continue };
            if let Some((sequence, before)) = channel.try_ping().await {
                for message in &before {
                    self.apply(message);
                }
                if sequence < until {
                    continue;
                }
                return;
            }
            self.lose();
        }
    }
}

/// What was acknowledged.
#[derive(Default)]
struct Model {
    items: BTreeMap<String, String>,
    messages: Vec<String>,
    hands: BTreeMap<String, i64>,
}

#[tokio::test]
async fn everybody_ends_with_what_was_acknowledged_though_connections_break_and_servers_are_killed() {
    for seed in SEEDS {
        run(seed).await;
    }
}

async fn run(seed: u64) {
    let mut chance = StdRng::seed_from_u64(seed);
    let database = Database::create();
    let school = School::found(&database.url, "").await;
    // Two instances where there can be two.
    let count = if school.file().is_some() { 1 } else { 2 };
    let addresses: Vec<String> =
        (0..count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()).collect();
    let start = |at: usize| Process::start_at(&addresses[at], &database.url, &["--limit-reports-per-account", "off"]);
    let mut servers: Vec<Process> = (0..count).map(start).collect();
    let url = |at: usize| format!("http://{}", addresses[at % count]);
    let (class_id, mut clients) = clients(&school, &servers[0]).await;
    let mut model = Model::default();
    for (at, client) in clients.iter_mut().enumerate() {
        client.settle(&url(at), 0).await;
        model.hands.insert(PEOPLE[at].into(), 0);
    }
    for step in 0..STEPS {
        let who = chance.random_range(0..PEOPLE.len());
        let (client, url) = (&mut clients[who], url(who));
        match chance.random_range(0..20) {
            0..8 => {
                let item = format!("{}-{step}", PEOPLE[who]);
                client.insist(&url, "board/draw", draw(class_id, &item, step)).await;
                model.items.insert(item, PEOPLE[who].into());
            }
            8..10 => {
                let own = model.items.iter().filter(|(_, by)| *by == PEOPLE[who]);
                let own: Vec<String> = own.map(|(item, _)| item.clone()).collect();
                if let Some(item) = own.choose(&mut chance) {
                    let operations = json!([{ "op": "remove", "ids": [item] }]);
                    let body = json!({ "class_id": class_id, "page": "w1", "operations": operations });
                    client.insist(&url, "board/draw", body).await;
                    model.items.remove(item);
                }
            }
            10..14 => {
                client.sent += 1;
                let content = format!("{} says {step}", PEOPLE[who]);
                client.insist(&url, "imstorage/send", say(class_id, &content, client.sent)).await;
                model.messages.push(content);
            }
            14..16 => {
                let up = chance.random_range(0..2_i64);
                let event = if up == 1 { "hand_up" } else { "hand_down" };
                client.insist(&url, "report/event", json!({ "class_id": class_id, "event": event })).await;
                model.hands.insert(PEOPLE[who].into(), up);
            }
            16..19 => client.lose(),
            _ => {
                // Somebody says and draws something while the server dies.
                let (at, moment) = (who % count, Duration::from_millis(chance.random_range(0..15)));
                client.sent += 1;
                let (item, content) = (format!("{}-{step}", PEOPLE[who]), format!("{} says {step}", PEOPLE[who]));
                let (draw_call, said) = (draw(class_id, &item, step), say(class_id, &content, client.sent));
                let doing = async {
                    client.insist(&url, "board/draw", draw_call).await;
                    client.insist(&url, "imstorage/send", said).await;
                };
                let server = servers.remove(at);
                let killing = async {
                    tokio::time::sleep(moment).await;
                    server.kill();
                    start(at)
                };
                let ((), server) = tokio::join!(doing, killing);
                servers.insert(at, server);
                model.items.insert(item, PEOPLE[who].into());
                model.messages.push(content);
            }
        }
    }
    let (enterprise_id, class) = (school.enterprise.enterprise_id, ClassId(class_id));
    let db = Db::open(&database.url).unwrap();
    let last = db.read(move |conn| log::last_sequence(conn, enterprise_id, class)).await.unwrap();
    for (at, client) in clients.iter_mut().enumerate() {
        client.settle(&url(at), last).await;
        let name = format!("what {} knows with seed {seed}", PEOPLE[at]);
        assert_eq!(client.items, model.items, "{name}");
        assert_eq!(client.messages, model.messages, "{name}");
        assert_eq!(client.hands, model.hands, "{name}");
    }
}

/// A call that draws a line with this id.
fn draw(class_id: i64, item: &str, x: usize) -> Value {
    let item = json!({ "id": item, "kind": "line", "color": "#112233", "width": 20, "points": [0, 0, x, 100] });
    json!({ "class_id": class_id, "page": "w1", "operations": [{ "op": "add", "item": item }] })
}

/// A call that sends a message.
fn say(class_id: i64, content: &str, random: usize) -> Value {
    json!({ "class_id": class_id, "content": content, "random": random })
}

async fn clients(school: &School, server: &Process) -> (i64, Vec<Client>) {
    let back_end = school.client(server);
    let list: Vec<Value> = PEOPLE.iter().map(|user_id| json!({ "user_id": user_id, "role": "teacher" })).collect();
    let users = back_end.ok("user/register", json!({ "list": list })).await;
    let members: Vec<Value> = PEOPLE.iter().map(|user_id| json!({ "user_id": user_id, "role": "assistant" })).collect();
    let class = json!({ "teacher_id": "li", "members": members });
    let class_id = id(&back_end.ok("class/create", class).await["class_id"]);
    let client = |user: &Value| Client {
        sign_in: json!({
            "type": "sign_in", "sdkappid": school.enterprise.sdkappid, "class_id": class_id,
            "user_id": user["user_id"], "token": user["user_token"],
        }),
        channel: None,
        last: 0,
        items: BTreeMap::new(),
        messages: Vec::new(),
        hands: BTreeMap::new(),
        sent: 0,
    };
    (class_id, users["user_list"].as_array().unwrap().iter().map(client).collect())
}
