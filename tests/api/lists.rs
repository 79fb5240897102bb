//! What the five lists share: offset and size, `total` and `finish`, a stable order, literal prefixes, and filters.

use lectern::domain::classroom::class;
use serde_json::{Value, json};

use crate::service::{Enterprise, Service};

/// The `field` of each row of a list.
async fn column(enterprise: &Enterprise<'_>, call: &str, asked: Value, field: &str) -> Vec<String> {
    let list = enterprise.ok(call, asked).await;
    let rows = list["list"].as_array().unwrap();
    rows.iter().map(|row| row[field].as_str().map_or_else(|| row[field].to_string(), str::to_owned)).collect()
}

/// The five lists, what names their rows, and what each needs to be asked.
const LISTS: [(&str, &str); 5] = [
    ("class/list", "class_id"),
    ("user/list", "user_id"),
    ("document/list", "doc_id"),
    ("member/runtime/list", "user_id"),
    ("member/history/list", "user_id"),
];

/// Makes `count` rows for each list, several of them in each second, and returns the class of the member lists.
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
    // The ids of users and documents sort otherwise than they are made.
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
    // A change moves nothing.
    enterprise.ok("user/profile/modify", json!({"user_id": "m", "nickname": "x"})).await;
    enterprise.ok("class/modify", json!({"class_id": class_id, "class_topic": "x"})).await;
    assert_eq!(column(&enterprise, "user/list", json!({}), "user_id").await, ids);
    assert_eq!(column(&enterprise, "class/list", json!({}), "class_id").await, newest);
}

#[tokio::test]
async fn a_prefix_is_taken_literally() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let names = [
        "a",
        "ab",
        "aB",
        "a%b",
        "a_b",
        "a\\b",
        "a\\%b",
        "axb",
        "%",
        "%%",
        "_",
        "__",
        "\\",
        "\\\\",
        "'",
        "''",
        "\"",
        "*",
        "?",
        "[a]",
        "--",
        "A",
        "Ab",
        "é",
        "e\u{301}",
        "ß",
        "ss",
        "中",
        "中文",
        "中文课",
        "丮",
        "😀",
        "😀😀",
        "😁",
        "👨\u{200d}👩",
        "👨",
        "\u{D7FF}",
        "\u{D7FF}x",
        "\u{E000}",
        "\u{E000}x",
        "\u{FFFF}x",
        "\u{10000}",
        "\u{10FFFF}",
        "\u{10FFFF}\u{10FFFF}",
        " ",
        " a",
        "a ",
    ];
    let mut users = names.to_vec();
    users.sort_unstable();
    for name in &users {
        enterprise.students(&[name]).await;
        let document = json!({"doc_url": "https://example.com/a", "doc_name": name});
        enterprise.ok("document/add", document).await;
    }
    let prefixes =
        names.iter().copied().chain(["", "b", "a%", "a_", "e", "%_", "👨\u{200d}", "\u{D7FE}", "😀😁", "zzz"]);
    for prefix in prefixes {
        let expected: Vec<&str> = users.iter().copied().filter(|name| name.starts_with(prefix)).collect();
        for (call, field) in [("user/list", "user_id"), ("document/list", "doc_name")] {
            let page = enterprise.ok(call, json!({"prefix": prefix})).await;
            assert_eq!(page["total"], expected.len(), "{call} {prefix:?}");
            assert_eq!(
                column(&enterprise, call, json!({"prefix": prefix}), field).await,
                expected,
                "{call} {prefix:?}"
            );
        }
    }
    assert_eq!(column(&enterprise, "user/list", json!({"prefix": null}), "user_id").await.len(), names.len());
}

#[tokio::test]
async fn users_are_filtered_by_role_and_prefix() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list: Vec<Value> = ["student", "teacher", "student", "admin"]
        .iter()
        .enumerate()
        .map(|(n, role)| json!({"user_id": format!("{}{n}", if n < 2 { "a" } else { "b" }), "role": role}))
        .collect();
    enterprise.ok("user/register", json!({"list": list})).await;
    for (roles, prefix, expected) in [
        (json!([]), "", &["a0", "a1", "b2", "b3"][..]),
        (json!(null), "b", &["b2", "b3"]),
        (json!(["student"]), "", &["a0", "b2"]),
        (json!(["stduent"]), "b", &["b2"]),
        (json!(["admin", "teacher"]), "", &["a1", "b3"]),
        (json!(["admin", "admin"]), "", &["b3"]),
        (json!(["visitor"]), "", &[]),
    ] {
        let asked = json!({"roles": roles, "prefix": prefix});
        assert_eq!(column(&enterprise, "user/list", asked.clone(), "user_id").await, expected, "{asked}");
        assert_eq!(enterprise.ok("user/list", asked).await["total"], expected.len());
    }
    for wrong in [json!(["king"]), json!("student"), json!([null]), json!([1])] {
        let message = enterprise.refused("user/list", json!({"roles": wrong}), 10003).await;
        assert!(message.contains("roles"), "{message}");
    }
}

#[tokio::test]
async fn documents_are_filtered_by_owner_permission_and_prefix() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (name, owner, permission) in
        [("a1", "u", "private"), ("a2", "u", "public"), ("b1", "v", "private"), ("b2", "", "public")]
    {
        let document =
            json!({"doc_url": "https://example.com/a", "doc_name": name, "owner": owner, "permission": permission});
        enterprise.ok("document/add", document).await;
    }
    for (asked, expected) in [
        (json!({}), &["a1", "a2", "b1", "b2"][..]),
        (json!({"permissions": [], "owner": "", "prefix": ""}), &["a1", "a2", "b1", "b2"]),
        (json!({"permissions": null, "owner": null, "prefix": null}), &["a1", "a2", "b1", "b2"]),
        (json!({"owner": "u"}), &["a1", "a2"]),
        (json!({"owner": "U"}), &[]),
        (json!({"permissions": ["private"]}), &["a1", "b1"]),
        (json!({"permissions": ["public", "private"]}), &["a1", "a2", "b1", "b2"]),
        (json!({"owner": "u", "permissions": ["public"]}), &["a2"]),
        (json!({"owner": "v", "prefix": "a"}), &[]),
        (json!({"permissions": ["private"], "prefix": "b"}), &["b1"]),
    ] {
        assert_eq!(column(&enterprise, "document/list", asked.clone(), "doc_name").await, expected, "{asked}");
        assert_eq!(enterprise.ok("document/list", asked).await["total"], expected.len());
    }
    let message = enterprise.refused("document/list", json!({"permissions": ["secret"]}), 10003).await;
    assert!(message.contains("permissions"), "{message}");
}

#[tokio::test]
async fn classes_are_filtered_by_status_type_and_reserved_user() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let member = json!([{"user_id": "s", "role": "student"}]);
    let mut ids = Vec::new();
    for fields in [
        json!({"teacher_id": "t", "class_topic": "0"}),
        json!({"teacher_id": "t", "class_topic": "1", "class_type": "1v1", "members": member}),
        json!({"teacher_id": "s", "class_topic": "2", "class_type": "1vN", "assistant_id": "a"}),
        json!({"teacher_id": "x", "class_topic": "3", "members": member}),
    ] {
        ids.push(enterprise.class(fields).await);
    }
    for id in &ids[1..3] {
        enterprise.ok("class/start", json!({"class_id": id})).await;
    }
    enterprise.ok("class/stop", json!({"class_id": ids[2]})).await;
    for (asked, expected) in [
        (json!({}), &["0", "1", "2", "3"][..]),
        (json!({"class_status": [], "class_type": [], "user_id": ""}), &["0", "1", "2", "3"]),
        (json!({"class_status": null, "class_type": null, "user_id": null}), &["0", "1", "2", "3"]),
        (json!({"class_status": ["will"]}), &["0", "3"]),
        (json!({"class_status": ["ing"]}), &["1"]),
        (json!({"class_status": ["end", "ing"]}), &["1", "2"]),
        (json!({"class_type": ["public"]}), &["0", "3"]),
        (json!({"class_type": ["1v1", "1vN"]}), &["1", "2"]),
        (json!({"class_type": ["public"], "class_status": ["ing"]}), &[]),
        (json!({"user_id": "t"}), &["0", "1"]),
        (json!({"user_id": "s"}), &["1", "2", "3"]),
        (json!({"user_id": "a"}), &["2"]),
        (json!({"user_id": "nobody"}), &[]),
        (json!({"user_id": "s", "class_status": ["will"], "class_type": ["public"]}), &["3"]),
    ] {
        let mut asked = asked;
        asked["create_time_desc"] = false.into();
        assert_eq!(column(&enterprise, "class/list", asked.clone(), "class_topic").await, expected, "{asked}");
        assert_eq!(enterprise.ok("class/list", asked).await["total"], expected.len());
    }
    enterprise.ok("member/delete", json!({"class_id": ids[3], "list": ["s"]})).await;
    enterprise.ok("class/modify", json!({"class_id": ids[0], "teacher_id": "s"})).await;
    let theirs = json!({"user_id": "s", "create_time_desc": false});
    assert_eq!(column(&enterprise, "class/list", theirs, "class_topic").await, ["0", "1", "2"]);
    for (field, wrong) in [
        ("class_status", json!(["over"])),
        ("class_status", json!("will")),
        ("class_type", json!(["1V1"])),
        ("create_time_desc", json!("yes")),
        ("user_id", json!(7)),
    ] {
        let message = enterprise.refused("class/list", json!({field: wrong}), 10003).await;
        assert!(message.contains(field), "{message}");
    }
}

#[tokio::test]
async fn a_filter_that_names_one_word_often_is_the_filter_of_that_word() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["s"]).await;
    enterprise.class(json!({})).await;
    enterprise.ok("document/add", json!({"doc_url": "https://example.com/a"})).await;
    // More than a statement of SQLite has room for.
    let often = |word: &str| vec![word.to_owned(); 40_000];
    for (call, field, word, other) in [
        ("class/list", "class_status", "will", "end"),
        ("class/list", "class_type", "public", "1vN"),
        ("user/list", "roles", "student", "admin"),
        ("document/list", "permissions", "public", "private"),
    ] {
        for (word, total) in [(word, 1), (other, 0)] {
            let page = enterprise.call(call, json!({field: often(word)})).await;
            assert_eq!((&page["error_code"], &page["total"]), (&json!(0), &json!(total)), "{call} {field}: {page}");
        }
    }
}

#[tokio::test]
async fn a_page_far_into_a_list_is_as_right_as_the_first() {
    const ROWS: i64 = 1_050;
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (id, now) = (enterprise.enterprise_id, service.clock.now());
    let made = service.app.db.write(move |conn| {
        let patch = || class::Patch { teacher_id: Some("t".into()), ..class::Patch::default() };
        (0..ROWS).map(|_| class::create(conn, id, patch(), now)).collect::<Result<Vec<_>, _>>()
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
