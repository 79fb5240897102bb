//! Documents that are bound to rooms.

use lectern::domain::classroom::log::LogEvent;
use serde_json::{Value, json};

use super::Client;
use crate::support::service::Service;

fn file(url: &str) -> Value {
    json!({"type": 0, "file_name": "第一课.pptx", "url": url})
}

async fn bound(client: &Client<'_>, roomnum: i64) -> Vec<String> {
    let data = client.live("querybind", json!({"roomnum": roomnum, "index": 0, "size": 50})).await;
    let urls: Vec<String> =
        data["bind_files"].as_array().unwrap().iter().map(|file| file["url"].as_str().unwrap().into()).collect();
    assert_eq!(data["total"], urls.len());
    urls
}

#[tokio::test]
async fn files_are_bound_to_rooms_once_each() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, student) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let roomnum = teacher.room("x").await;
    let here = |operate: i64, url: &str| json!({"roomnum": roomnum, "operate": operate, "bind_file": file(url)});
    for url in ["http://u/1", "http://u/2"] {
        teacher.live("reportbind", here(0, url)).await;
        teacher.refused("live", "reportbind", here(0, url), 10104).await;
    }
    student.refused("live", "reportbind", here(0, "http://u/3"), 10101).await;
    assert_eq!(bound(&teacher, roomnum).await, ["http://u/2", "http://u/1"]);
    // Each is a document of its owner.
    let documents = enterprise.ok("document/list", json!({"owner": "t1", "permission": "private"})).await;
    assert_eq!(documents["total"], 2, "{documents}");
    assert_eq!(documents["list"][0]["doc_name"], "第一课");
    assert_eq!(documents["list"][0]["doc_ext"], "pptx");

    teacher.live("reportbind", here(1, "http://u/1")).await;
    teacher.refused("live", "reportbind", here(1, "http://u/1"), 10105).await;
    assert_eq!(bound(&teacher, roomnum).await, ["http://u/2"]);
    assert_eq!(enterprise.ok("document/list", json!({"owner": "t1"})).await["total"], 1);

    teacher.live("startcourse", json!({ "roomnum": roomnum })).await;
    teacher.live("reportbind", here(0, "http://u/4")).await;
    teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    teacher.refused("live", "reportbind", here(0, "http://u/5"), 10102).await;
    teacher.refused("live", "reportbind", here(1, "http://u/4"), 10102).await;
    assert_eq!(bound(&teacher, roomnum).await, ["http://u/4", "http://u/2"]);
}

#[tokio::test]
async fn followers_of_a_room_receive_its_files() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let roomnum = teacher.room("x").await;
    enterprise.follow(roomnum).await;
    let here = |operate: i64| json!({"roomnum": roomnum, "operate": operate, "bind_file": file("http://u/1")});
    teacher.live("reportbind", here(0)).await;
    teacher.live("reportbind", here(1)).await;
    let events = enterprise.log_events(roomnum).await;
    let [LogEvent::Document { document }, LogEvent::DocumentRemoved { doc_id }] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((&document.doc_id, document.doc_name.as_str()), (doc_id, "第一课"));
}

#[tokio::test]
async fn a_call_that_names_no_room_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    for roomnum in [json!(null), json!(0), json!("0"), json!("")] {
        let bind = json!({"roomnum": roomnum, "operate": 0, "bind_file": file("http://u/1")});
        let message = teacher.refused("live", "reportbind", bind, 10003).await;
        assert!(message.contains("roomnum"), "{message}");
        let query = json!({"roomnum": roomnum, "index": 0, "size": 1});
        teacher.refused("live", "querybind", query, 10003).await;
    }
    assert_eq!(enterprise.ok("document/list", json!({})).await["total"], 0);
}

#[tokio::test]
async fn members_see_all_that_is_bound_and_others_their_own() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, inside) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let outside = Client::student(&enterprise, "s2").await;
    let roomnum = teacher.begun_room().await;
    let bind = json!({"roomnum": roomnum, "operate": 0, "bind_file": file("http://u/1")});
    teacher.live("reportbind", bind).await;
    inside.enters(roomnum).await;
    assert_eq!(bound(&inside, roomnum).await, ["http://u/1"]);
    assert_eq!(bound(&outside, roomnum).await, [""; 0]);
    let missing = json!({"roomnum": 999_999_999, "index": 0, "size": 1});
    outside.refused("live", "querybind", missing, 10010).await;
}

#[tokio::test]
async fn names_are_returned_unchanged() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let roomnum = teacher.room("x").await;
    for (at, name) in ["a.ppt", "file_name", ".hidden", "dot.", "a.b.c", "课 件.PPTX", "..", "."].iter().enumerate() {
        let bind = json!({"type": at % 2, "file_name": name, "url": format!("http://u/{at}")});
        teacher.live("reportbind", json!({"roomnum": roomnum, "operate": 0, "bind_file": bind})).await;
        let newest = teacher.live("querybind", json!({"roomnum": roomnum, "index": 0, "size": 1})).await;
        let newest = newest["bind_files"][0].clone();
        assert_eq!((&newest["file_name"], &newest["type"]), (&json!(name), &json!(at % 2)));
    }
    for (field, value) in [
        ("type", json!(2)),
        ("type", json!("0")),
        ("url", json!("")),
        ("url", json!("javascript:alert(1)")),
        ("file_name", json!(null)),
    ] {
        let mut bind = file("http://u/x");
        bind[field] = value;
        let bind = json!({"roomnum": roomnum, "operate": 0, "bind_file": bind});
        teacher.refused("live", "reportbind", bind, 10003).await;
    }
}
