//! Three instances on one database behind a round-robin load balancer.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use lectern::clock::Clock;
use lectern::db::{Conn, Db};
use lectern::domain;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Enterprise, Patch};
use serde_json::json;

use crate::support::database::Database;
use crate::support::process::{Process, eventually};
use crate::support::proxy::Proxy;
use crate::support::receiver::Receiver;
use crate::support::school::{Client, School, id};

/// How soon all instances see a change of an enterprise.
const SEEN_WITHIN: Duration = Duration::from_secs(1);

/// A school with three instances. They stop before their database is removed.
pub struct Trio {
    pub servers: Vec<Process>,
    pub school: School,
    proxy: Proxy,
    db: Db,
    _database: Database,
}

impl Trio {
    pub async fn open(receiver: &Receiver, flags: &[&str]) -> Self {
        let database = Database::create();
        let school = School::found(&database.url, &receiver.url).await;
        let servers = start_at_once(3, &database.url, flags);
        let db = Db::open(&database.url).unwrap();
        Self { proxy: Proxy::before(&servers).await, servers, school, db, _database: database }
    }

    /// A client of the next instance.
    pub fn any(&self) -> Client {
        self.school.client_at(&self.proxy.url)
    }

    /// One client of each instance.
    pub fn each(&self) -> Vec<Client> {
        self.servers.iter().map(|server| self.school.client(server)).collect()
    }

    /// Changes the enterprise as an operator does, and waits until all instances see the change.
    async fn change(&self, change: impl FnOnce(&mut Conn, i64) -> domain::Result<()> + Send + 'static) -> Enterprise {
        let sdkappid = self.school.enterprise.sdkappid;
        let changed = self.db.write(move |conn| {
            change(conn, sdkappid)?;
            enterprise::require(conn, sdkappid)
        });
        let changed = changed.await.unwrap();
        tokio::time::sleep(SEEN_WITHIN).await;
        changed
    }
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_change_by_one_instance_is_seen_by_the_others() {
    let receiver = Receiver::start();
    let trio = Trio::open(&receiver, &[]).await;
    let [one, two, three] = <[Client; 3]>::try_from(trio.each()).ok().unwrap();
    let any = trio.any();
    let made: Vec<i64> = join_all((0..60).map(|_| any.begin(1))).await.concat();
    assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), 60, "{made:?}");

    let pupil = json!({"list": [{"user_id": "pupil", "role": "student"}]});
    one.ok("user/register", pupil.clone()).await;
    assert_eq!(two.call("user/register", pupil).await.unwrap()["error_code"], 10214);
    let (class, member) = (json!({"class_id": made[0]}), json!({"class_id": made[0], "user_id": "pupil"}));
    for _ in 0..5 {
        two.ok("member/join", member.clone()).await;
        assert_eq!(three.ok("member/runtime/total", class.clone()).await["total"], 1);
        one.ok("member/quit", member.clone()).await;
        assert_eq!(two.ok("member/runtime/total", class.clone()).await["total"], 0);
    }
    let renew = |client: Client| async move { client.ok("user/token/update", json!({"user_id": "pupil"})).await };
    let tickets = join_all(trio.each().into_iter().map(renew)).await;
    let tokens: BTreeSet<&str> = tickets.iter().map(|ticket| ticket["user_token"].as_str().unwrap()).collect();
    assert_eq!(tokens.len(), 3);
    three.ok("class/stop", class).await;
    assert_eq!(one.call("member/join", member).await.unwrap()["error_code"], 10224);
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_change_of_an_enterprise_is_seen_by_every_instance_within_a_second() {
    let receiver = Receiver::start();
    let trio = Trio::open(&receiver, &[]).await;
    let before = trio.each();
    for client in &before {
        client.ok("business/info", json!({})).await;
    }
    let rotated = trio.change(|conn, id| enterprise::rotate_key(conn, id, -1, Clock::System.now()).map(drop)).await;
    let after: Vec<Client> = before.iter().map(|client| client.with_key(&rotated.tic_key)).collect();
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old.call("class/list", json!({})).await.unwrap()["error_code"], 10217);
        new.ok("class/list", json!({})).await;
    }
    after[0].ok("business/modify", json!({"contact_user": "Ada"})).await;
    tokio::time::sleep(SEEN_WITHIN).await;
    for client in &after {
        assert_eq!(client.ok("business/info", json!({})).await["contact_user"], "Ada");
    }
    // It is already due, so that every instance sees it at its next look.
    let over = |conn: &mut Conn, id| modify_enterprise(conn, id, Patch { valid_seconds: Some(1), ..Patch::default() });
    trio.change(over).await;
    for client in &after {
        assert_eq!(client.call("class/list", json!({})).await.unwrap()["error_code"], 10203);
    }
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn an_idempotency_key_sent_to_all_instances_at_once_makes_one_class() {
    let receiver = Receiver::start();
    let trio = Trio::open(&receiver, &[]).await;
    let each = trio.each();
    let mut made = BTreeSet::new();
    for round in 0..20 {
        let key = format!("key-{round}");
        let headers = [("idempotency-key", key.as_str())];
        let create = |client| Client::ask_with(client, "class/create", json!({"teacher_id": "teacher"}), &headers);
        let answers = join_all(each.iter().map(create)).await;
        let ids: BTreeSet<i64> = answers.into_iter().map(|answer| id(&answer.unwrap().1["class_id"])).collect();
        assert_eq!(ids.len(), 1, "round {round}");
        made.extend(ids);
    }
    assert_eq!(made.len(), 20);
    assert_eq!(trio.any().classes().await.into_keys().collect::<BTreeSet<_>>(), made);
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn what_is_too_old_is_removed_once() {
    const EVENTS: usize = 3_000;
    let database = Database::create();
    let school = School::found(&database.url, "http://127.0.0.1:9/").await;
    let db = Db::open(&database.url).unwrap();
    let row = school.enterprise.clone();
    let write = move |conn: &mut Conn| {
        (0..EVENTS).try_for_each(|_| domain::events::event::test(conn, &row, 0))?;
        while domain::events::event::relay(conn)?.more {}
        conn.batch_execute("UPDATE deliveries SET state = 'delivered', settled_time = 0")?;
        Ok::<_, domain::Error>(())
    };
    db.write(write).await.unwrap();
    let servers = start_at_once(3, &database.url, &[]);
    let removed = eventually("all are removed", async || {
        let lines = servers.iter().flat_map(|server| server.logged("old events"));
        let numbers: Vec<usize> = lines.map(|line| number_after("removed ", &line)).collect();
        (numbers.iter().sum::<usize>() >= EVENTS).then_some(numbers)
    })
    .await;
    assert_eq!(removed.iter().sum::<usize>(), EVENTS, "{removed:?}");
    assert!(school.client(&servers[0]).feed().await.is_empty());
    assert_no_errors(&servers);
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn of_many_that_start_at_once_on_an_empty_database_one_makes_the_tables_and_all_serve() {
    let database = Database::create();
    let servers = start_at_once(4, &database.url, &[]);
    let migrated: Vec<_> = servers.iter().map(|server| server.logged("migrated the database")).collect();
    assert_eq!(migrated.iter().filter(|lines| !lines.is_empty()).count(), 1, "{migrated:?}");
    assert_no_errors(&servers);
    for server in &servers {
        assert_eq!(reqwest::get(format!("{}/readyz", server.url)).await.unwrap().status(), 200);
    }
}

fn assert_no_errors(servers: &[Process]) {
    let errors: Vec<String> = servers.iter().flat_map(|server| server.logged("ERROR")).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn start_at_once(count: usize, database_url: &str, flags: &[&str]) -> Vec<Process> {
    std::thread::scope(|scope| {
        let starting: Vec<_> = (0..count).map(|_| scope.spawn(|| Process::start(database_url, flags))).collect();
        starting.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn number_after(words: &str, line: &str) -> usize {
    let (_, rest) = line.split_once(words).unwrap();
    rest.split(' ').next().unwrap().parse().unwrap()
}
