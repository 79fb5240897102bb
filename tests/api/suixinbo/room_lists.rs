//! Lists of rooms: filters, order, and that each change shows at once.

use serde_json::{Value, json};

use super::Client;
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn lists_are_filtered_and_the_newest_of_making_and_begin_comes_first() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, other) = (Client::teacher(&enterprise, "t1").await, Client::teacher(&enterprise, "t2").await);
    let mut rooms = Vec::new();
    for title in ["a", "b", "c", "d"] {
        rooms.push(teacher.room(title).await);
        service.pass(10);
    }
    let theirs = other.room("e").await;
    let [a, b, c, d] = rooms[..] else { panic!() };
    service.pass(10);
    for roomnum in [b, c, d] {
        teacher.live("startcourse", json!({ "roomnum": roomnum })).await;
        service.pass(10);
    }
    for roomnum in [c, d] {
        teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    }
    let report = json!({"roomnum": d, "playback_idx_url": "http://idx/1.json"});
    assert_eq!(
        super::send(&service, "live", "idxfileendcall", report.to_string()).await,
        json!({"errorCode": 0, "errorInfo": ""})
    );
    for (filter, expected) in [
        (json!({}), vec![d, c, b, theirs, a]),
        (json!({"state": 0}), vec![theirs, a]),
        (json!({"state": 1}), vec![b]),
        (json!({"state": 2}), vec![c]),
        (json!({"state": 3}), vec![d]),
        (json!({"host_uid": "t1"}), vec![d, c, b, a]),
        (json!({"host_uid": "t2"}), vec![theirs]),
        (json!({"host_uid": "t2", "state": 1}), vec![]),
        (json!({"roomnum": b}), vec![b]),
        (json!({"roomnum": b, "state": 0}), vec![]),
        (json!({"from_time": BEGIN + 40}), vec![d, c, b, theirs]),
        (json!({"from_time": BEGIN + 40, "to_time": BEGIN + 50}), vec![b, theirs]),
        (json!({"to_time": BEGIN}), vec![a]),
        (json!({"to_time": BEGIN, "state": 3}), vec![]),
        (json!({"from_time": BEGIN + 1000}), vec![]),
        (json!({"host_uid": "", "state": null}), vec![d, c, b, theirs, a]),
    ] {
        let total = i64::try_from(expected.len()).unwrap();
        assert_eq!(teacher.lists(filter.clone()).await, (expected, total), "{filter}");
    }
    for (index, size, expected) in
        [(0, 2, vec![d, c]), (2, 2, vec![b, theirs]), (4, 50, vec![a]), (5, 50, vec![]), (0, 0, vec![])]
    {
        assert_eq!(teacher.lists(json!({"index": index, "size": size})).await, (expected, 5), "{index} {size}");
    }
    for (field, value) in [
        ("index", json!(-1)),
        ("index", json!("0")),
        ("size", json!(51)),
        ("size", json!(-1)),
        ("size", Value::Null),
        ("state", json!(4)),
        ("state", json!("1")),
        ("host_uid", json!(1)),
        ("from_time", json!("x")),
    ] {
        let mut fields = json!({"index": 0, "size": 10});
        fields[field] = value;
        let message = teacher.refused("live", "roomlist", fields, 10003).await;
        assert!(message.contains(field), "{message}");
    }
    // Removed rooms are not counted.
    enterprise.ok("class/delete", json!({"class_id": d})).await;
    assert_eq!(teacher.lists(json!({"state": 3})).await, (vec![], 0));
    assert_eq!(teacher.lists(json!({})).await, (vec![c, b, theirs, a], 4));
}

#[tokio::test]
async fn a_list_of_rooms_shows_each_change_at_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, student) = (Client::teacher(&enterprise, "t1").await, Client::student(&enterprise, "s1").await);
    let roomnum = teacher.room("x").await;
    let shown = async || {
        let all = student.live("roomlist", json!({"index": 0, "size": 20})).await;
        let room = &all["rooms"][0];
        (room["state"].as_i64().unwrap(), room["memsize"].as_i64().unwrap(), all["total"].as_i64().unwrap())
    };
    assert_eq!(shown().await, (0, 0, 1));
    teacher.live("startcourse", json!({ "roomnum": roomnum })).await;
    assert_eq!(shown().await, (1, 1, 1));
    student.enters(roomnum).await;
    assert_eq!(shown().await, (1, 2, 1));
    student.live("reportmemid", json!({"roomnum": roomnum, "operate": 1})).await;
    assert_eq!(shown().await, (1, 1, 1));
    teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    assert_eq!(shown().await, (2, 0, 1));
    teacher.room("y").await;
    assert_eq!(shown().await, (0, 0, 2));
}

#[tokio::test]
async fn a_list_for_nobody_or_for_no_time_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (teacher, _) = (Client::teacher(&enterprise, "t1").await, Client::teacher(&enterprise, "t2").await);
    teacher.room("a").await;
    let page = |fields: Value| {
        let mut all = json!({"index": 0, "size": 10});
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        all
    };
    teacher.refused("live", "roomlist", page(json!({"host_uid": "nobody"})), 10005).await;
    // Ids are case-sensitive.
    teacher.refused("live", "roomlist", page(json!({"host_uid": "T1"})), 10005).await;
    assert_eq!(teacher.lists(json!({"host_uid": "t2"})).await, (vec![], 0));
    // A back end may name a teacher who has no account.
    let class_id = enterprise.class(json!({"teacher_id": "guest"})).await;
    assert_eq!(teacher.lists(json!({"host_uid": "guest"})).await, (vec![class_id], 1));
    let turned = json!({"from_time": BEGIN + 1, "to_time": BEGIN});
    let message = teacher.refused("live", "roomlist", page(turned), 10003).await;
    assert!(message.contains("to_time"), "{message}");
    assert_eq!(teacher.lists(json!({"from_time": BEGIN, "to_time": BEGIN})).await.1, 2);
}
