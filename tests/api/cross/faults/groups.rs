//! A kill between the creation of groups and of their class: neither is left.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use serde_json::json;

use crate::iclass::chat::{TICKET, code, fields};
use crate::support::process::eventually;
use crate::support::receiver::{Receiver, Reply};
use crate::support::school::School;

#[tokio::test]
async fn a_kill_while_the_groups_are_made_leaves_neither_class_nor_group() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start();
    let im = Receiver::answering(|_| Reply::Hold);
    let school = School::in_folder(folder.path(), &receiver.url).await;
    let flags = ["--im-engine", "tencent", "--im-url", &im.url];
    let (server, client) = school.open(&flags);
    let asking = tokio::spawn(async move { client.call("class/create", fields()).await });
    im.wait_for(2).await;
    server.kill();
    assert!(asking.await.unwrap().is_err(), "it was answered");

    // The groups were created, but the answer was lost.
    im.answer(|request| code(if request.path.ends_with("create_group") { 10_025 } else { 0 }));
    let (server, client) = school.open(&flags);
    assert!(client.classes().await.is_empty());
    // A minute later …
    let mut conn = SqliteConnection::establish(school.file().unwrap()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000; UPDATE group_removals SET due = 0").unwrap();
    let destroyed = |requests: &[std::sync::Arc<crate::support::receiver::Request>]| {
        requests.iter().filter(|request| request.path.ends_with("destroy_group")).count() == 2
    };
    im.wait_until("both groups are destroyed", destroyed).await;
    // … and the next class has another id.
    let lost: i64 = im.requests()[0].body["GroupId"].as_str().unwrap().trim_end_matches("_chat").parse().unwrap();
    let made = client.ok("class/create", fields()).await;
    assert!(made["class_id"].as_i64().unwrap() > lost, "{made}");
    assert_eq!(client.classes().await.len(), 1);
    assert_eq!(client.call("class/info", json!({ "class_id": lost })).await.unwrap()["error_code"], 10230);
    assert!(server.logged(TICKET).is_empty(), "a ticket was logged");
}

#[tokio::test]
async fn a_kill_before_the_groups_of_a_removed_class_are_destroyed_does_not_spare_them() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start();
    let im = Receiver::answering(|_| code(0));
    let school = School::in_folder(folder.path(), &receiver.url).await;
    let flags = ["--im-engine", "tencent", "--im-url", &im.url];
    let (server, client) = school.open(&flags);
    let class_id = client.ok("class/create", fields()).await["class_id"].clone();
    im.answer(|_| Reply::Close);
    client.ok("class/delete", json!({ "class_id": class_id })).await;
    im.wait_for(4).await;
    eventually("the failure is logged", async || server.logged("is not destroyed yet").first().cloned()).await;
    server.kill();

    im.answer(|_| code(0));
    let before = im.requests().len();
    let (_server, _client) = school.open(&["--im-url", &im.url]);
    let mut conn = SqliteConnection::establish(school.file().unwrap()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000; UPDATE group_removals SET due = 0").unwrap();
    let requests = im.wait_for(before + 2).await;
    assert!(requests[before..].iter().all(|request| request.path.ends_with("destroy_group")));
}
