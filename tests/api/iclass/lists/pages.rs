//! Pages of lists: offset, size and cursor, `total` and `finish`, a stable order.

use lectern::domain::classroom::class;
use lectern::store::ids::EnterpriseId;
use serde_json::{Value, json};

use super::column;
use crate::support::service::{Enterprise, Service};

/// The five lists, the id fields of their rows, and the parameters that they require.
const LISTS: [(&str, &str); 5] = [
    ("class/list", "class_id"),
    ("user/list", "user_id"),
    ("document/list", "doc_id"),
    ("member/runtime/list", "user_id"),
    ("member/history/list", "user_id"),
];

/// Creates `count` rows for each list, several in each second, and returns the class of the member lists.
async fn fill(enterprise: &Enterprise<'_>, count: usize) -> i64 {
    let mut class_id = 0;
    for n in 0..count {
        let user_id = format!("u{n}");
        enterprise.students(&[&user_id]).await;
        let made = enterprise.class(json!({})).await;
        class_id = if n == 0 { made } else { class_id };
        enterprise.ok("document/add", json!({"doc_url": "https://example.com/a"})).await;
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
        if n % 3 == 2 {
            enterprise.service.pass(1);
        }
    }
    class_id
}

#[tokio::test]
async fn index_is_an_offset_and_total_and_finish_are_exact() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = fill(&enterprise, 7).await;
    for (call, id) in LISTS {
        let all = column(&enterprise, call, json!({"class_id": class_id}), id).await;
        assert_eq!(all.len(), 7, "{call}");
        for (index, size, rows, finish) in [
            (0, 7, 0..7, true),
            (0, 6, 0..6, false),
            (0, 8, 0..7, true),
            (0, 1, 0..1, false),
            (1, 2, 1..3, false),
            (5, 2, 5..7, true),
            (5, 1, 5..6, false),
            (6, 1, 6..7, true),
            (6, 100, 6..7, true),
            (7, 1, 7..7, true),
            (8, 1, 7..7, true),
            (i64::MAX, 100, 7..7, true),
        ] {
            let asked = json!({"class_id": class_id, "index": index, "size": size});
            let page = enterprise.ok(call, asked.clone()).await;
            assert_eq!((&page["total"], &page["finish"]), (&json!(7), &json!(finish)), "{call} {asked}");
            assert_eq!(column(&enterprise, call, asked.clone(), id).await, all[rows], "{call} {asked}");
        }
    }
}

#[tokio::test]
async fn an_empty_list_is_finished_and_no_null() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let empty = json!({"error_code": 0, "error_msg": "", "list": [], "total": 0, "finish": true});
    for call in ["class/list", "user/list", "document/list"] {
        assert_eq!(enterprise.send(call, "").await, empty, "{call}");
    }
    let class_id = enterprise.class(json!({})).await;
    for call in ["member/runtime/list", "member/history/list"] {
        assert_eq!(enterprise.call(call, json!({"class_id": class_id})).await, empty, "{call}");
        enterprise.refused(call, json!({"class_id": class_id + 1}), 10230).await;
        enterprise.refused(call, json!({}), 10003).await;
    }
}

#[tokio::test]
async fn an_index_or_a_size_that_can_not_be_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    for (call, _) in LISTS {
        for (field, wrong) in [
            ("size", json!(0)),
            ("size", json!(-1)),
            ("size", json!("0")),
            ("size", json!(1.5)),
            ("size", json!(i64::MIN)),
            ("index", json!(-1)),
            ("index", json!("-1")),
            ("index", json!("x")),
            ("index", json!(true)),
            ("index", json!(18_446_744_073_709_551_615_u64)),
        ] {
            let message = enterprise.refused(call, json!({"class_id": class_id, field: wrong}), 10003).await;
            assert!(message.contains(field), "{call} {field} {wrong}: {message}");
        }
        let asked = json!({"class_id": class_id, "index": "0", "size": "20"});
        enterprise.ok(call, asked).await;
        enterprise.ok(call, json!({"class_id": class_id, "index": null, "size": null})).await;
    }
}

#[tokio::test]
async fn more_than_a_hundred_rows_are_taken_as_a_hundred() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = |from: usize, to: usize| -> Vec<Value> {
        (from..to).map(|n| json!({"user_id": format!("u{n:03}"), "role": "student"})).collect()
    };
    enterprise.ok("user/register", json!({"list": list(0, 100)})).await;
    for asked in [json!({}), json!({"size": 100}), json!({"size": 101}), json!({"size": i64::MAX})] {
        let page = enterprise.ok("user/list", asked.clone()).await;
        assert_eq!((page["list"].as_array().unwrap().len(), &page["finish"]), (100, &json!(true)), "{asked}");
    }
    enterprise.ok("user/register", json!({"list": list(100, 102)})).await;
    for asked in [json!({}), json!({"size": 101}), json!({"size": 102}), json!({"size": i64::MAX, "index": 1})] {
        let page = enterprise.ok("user/list", asked.clone()).await;
        assert_eq!(
            (page["list"].as_array().unwrap().len(), &page["finish"], &page["total"]),
            (100, &json!(false), &json!(102)),
            "{asked}"
        );
    }
    let rest = column(&enterprise, "user/list", json!({"index": 100, "size": 200}), "user_id").await;
    assert_eq!(rest, ["u100", "u101"]);
}

#[tokio::test]
async fn the_order_is_that_of_creation_then_of_the_id() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    // The ids of users and documents are not in the order of creation.
    let ids = ["m", "z", "a", "Z", "ä", "b"];
    let (mut classes, mut documents) = (Vec::new(), Vec::new());
    for (n, id) in ids.iter().enumerate() {
        enterprise.students(&[id]).await;
        classes.push(enterprise.class(json!({})).await.to_string());
        let added = enterprise.ok("document/add", json!({"doc_url": "https://example.com/a", "doc_name": id})).await;
        documents.push(added["doc_id"].as_str().unwrap().to_owned());
        service.pass(i64::from(n % 2 == 1));
    }
    let class_id: i64 = classes[0].parse().unwrap();
    for id in ["z", "b", "a"] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": id})).await;
    }
    service.pass(1);
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "z"})).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "m"})).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "z"})).await;
    let newest: Vec<String> = classes.iter().rev().cloned().collect();
    let this = json!({"class_id": class_id});
    for _ in 0..3 {
        assert_eq!(column(&enterprise, "user/list", json!({}), "user_id").await, ids);
        assert_eq!(column(&enterprise, "document/list", json!({}), "doc_id").await, documents);
        assert_eq!(column(&enterprise, "class/list", json!({}), "class_id").await, newest);
        let oldest_first = json!({"create_time_desc": false});
        assert_eq!(column(&enterprise, "class/list", oldest_first, "class_id").await, classes);
        let newest_first = json!({"create_time_desc": true, "index": 1, "size": 3});
        assert_eq!(column(&enterprise, "class/list", newest_first, "class_id").await, newest[1..4]);
        assert_eq!(column(&enterprise, "member/runtime/list", this.clone(), "user_id").await, ["b", "a", "m", "z"]);
        assert_eq!(column(&enterprise, "member/history/list", this.clone(), "user_id").await, ["z", "b", "a", "m"]);
    }
    // A change does not affect the order.
    enterprise.ok("user/profile/modify", json!({"user_id": "m", "nickname": "x"})).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "class_topic": "x"})).await;
    assert_eq!(column(&enterprise, "user/list", json!({}), "user_id").await, ids);
    assert_eq!(column(&enterprise, "class/list", json!({}), "class_id").await, newest);
}

#[tokio::test]
async fn a_page_far_into_a_list_is_as_right_as_the_first() {
    const ROWS: i64 = 1_050;
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (id, now) = (enterprise.enterprise_id, service.clock.now());
    let made = service.app.db.write(move |conn| {
        let patch = || class::Patch { teacher_id: Some("t".into()), ..class::Patch::default() };
        (0..ROWS).map(|_| class::create(conn, EnterpriseId(id), patch(), now)).collect::<Result<Vec<_>, _>>()
    });
    let ids: Vec<String> = made.await.unwrap().iter().map(ToString::to_string).collect();
    for at in (0..ROWS).step_by(50) {
        let list: Vec<Value> = (at..at + 50).map(|n| json!({"user_id": format!("u{n}"), "role": "student"})).collect();
        enterprise.ok("user/register", json!({ "list": list })).await;
    }
    let users: Vec<String> = (0..ROWS).map(|n| format!("u{n}")).collect();
    let newest: Vec<String> = ids.iter().rev().cloned().collect();
    for (index, size) in [(999, 3), (1000, 3), (1000, 100), (1049, 2)] {
        let rows = index..(index + size).min(1_050);
        let mut asked = json!({"index": index, "size": size});
        assert_eq!(column(&enterprise, "class/list", asked.clone(), "class_id").await, newest[rows.clone()], "{asked}");
        assert_eq!(column(&enterprise, "user/list", asked.clone(), "user_id").await, users[rows.clone()], "{asked}");
        (asked["create_time_desc"], asked["class_status"]) = (false.into(), json!(["will", "ing"]));
        assert_eq!(column(&enterprise, "class/list", asked.clone(), "class_id").await, ids[rows], "{asked}");
    }
}

#[tokio::test]
async fn a_cursor_is_what_the_page_before_said() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = fill(&enterprise, 3).await;
    for (call, _) in LISTS {
        let first = enterprise.ok(call, json!({"class_id": class_id, "after": "", "size": 2})).await;
        let next = first["next"].as_str().unwrap();
        let last = enterprise.ok(call, json!({"class_id": class_id, "after": next, "size": 2})).await;
        assert_eq!((last["list"].as_array().unwrap().len(), last.get("next")), (1, None), "{call}");
        assert_eq!(last["total"], 3, "{call}");
        let both = enterprise.refused(call, json!({"class_id": class_id, "after": next, "index": 1}), 10003).await;
        assert_eq!(both, "after: not together with index");
        let wrong = enterprise.refused(call, json!({"class_id": class_id, "after": "x"}), 10003).await;
        assert_eq!(wrong, "after: must be what next said, or empty");
    }
}
