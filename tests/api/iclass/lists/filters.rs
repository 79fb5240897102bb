//! The filters of lists, and literal prefixes.

use serde_json::{Value, json};

use super::column;
use crate::support::service::Service;

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
        ("user_id", json!(-7)),
        ("user_id", json!(true)),
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
    // More than the parameters of an SQLite statement.
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
