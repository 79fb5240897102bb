//! Registering and changing users: all or nothing, checked fields, tickets and passwords that are kept as hashes only.

use std::collections::HashSet;

use lectern::db::{Conn, QueryError};
use lectern::domain::Error;
use lectern::domain::tenancy::secret;
use serde_json::{Value, json};

use crate::service::{BEGIN, Enterprise, Service};

impl Enterprise<'_> {
    async fn user(&self, user_id: &str) -> Value {
        self.ok("user/info", json!({"user_id": user_id})).await["user_info"].clone()
    }

    async fn user_ids(&self) -> Vec<String> {
        let users = self.ok("user/list", json!({})).await;
        users["list"].as_array().unwrap().iter().map(|user| user["user_id"].as_str().unwrap().to_owned()).collect()
    }

    /// Registers one user with this field, and says which code comes of it.
    async fn register_with(&self, user_id: &str, field: &str, value: &Value) -> Value {
        let mut user = json!({"user_id": user_id, "role": "student"});
        user[field] = value.clone();
        self.call("user/register", json!({"list": [user]})).await
    }

    async fn row(&self, user_id: &str) -> Row {
        let (enterprise_id, user_id) = (self.enterprise_id, user_id.to_owned());
        let row = move |conn: &mut Conn| Ok::<_, Error>(stored(conn, enterprise_id, &user_id)?);
        self.service.app.db.read(row).await.unwrap()
    }
}

/// A row of users as it is stored: all its texts.
#[derive(diesel::QueryableByName, Clone, Debug, PartialEq)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    texts: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    token_hash: String,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    password_hash: Option<String>,
}

fn stored(conn: &mut Conn, enterprise_id: i64, user_id: &str) -> Result<Row, QueryError> {
    use lectern::db::prelude::*;
    let query = diesel::sql_query(format!(
        "SELECT user_id || '|' || role || '|' || nickname || '|' || gender || '|' || avatar || '|' || phone_no || '|' \
         || e_mail || '|' || token_hash || '|' || COALESCE(password_hash, '') AS texts, token_hash, password_hash \
         FROM users WHERE enterprise_id = {enterprise_id} AND user_id = '{user_id}'"
    ));
    query.get_result(conn)
}

fn people(count: usize) -> Vec<Value> {
    (0..count).map(|n| json!({"user_id": format!("u{n}"), "role": "student"})).collect()
}

#[tokio::test]
async fn a_call_with_one_bad_user_registers_nobody() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (field, value) in [
        ("user_id", json!("")),
        ("user_id", json!(null)),
        ("user_id", json!(1)),
        ("user_id", json!("x".repeat(129))),
        ("role", json!("king")),
        ("role", json!(null)),
        ("gender", json!("other")),
        ("phone_no", json!("none")),
        ("e_mail", json!("nowhere")),
        ("avatar", json!("picture.png")),
        ("password", json!("abc")),
    ] {
        let mut list = people(3);
        list[2][field] = value.clone();
        let message = enterprise.refused("user/register", json!({"list": list}), 10003).await;
        assert!(message.contains(field), "{field} {value}: {message}");
    }
    for missing in ["user_id", "role"] {
        let mut list = people(3);
        list[1].as_object_mut().unwrap().remove(missing);
        let message = enterprise.refused("user/register", json!({"list": list}), 10003).await;
        assert!(message.contains(missing), "{message}");
    }
    assert_eq!(enterprise.user_ids().await, [""; 0]);
}

#[tokio::test]
async fn ids_in_use_are_told_and_nobody_is_registered() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["a", "b"]).await;
    let register = |ids: &[&str]| {
        let list: Vec<Value> = ids.iter().map(|id| json!({"user_id": id, "role": "teacher"})).collect();
        json!({ "list": list })
    };
    for (ids, repeats) in [
        (&["c", "a"][..], &["a"][..]),
        (&["c", "d", "c"], &["c"]),
        (&["b", "c", "d", "d", "b", "a", "e", "d"], &["b", "d", "a"]),
        (&["a"], &["a"]),
    ] {
        let answer = enterprise.call("user/register", register(ids)).await;
        assert_eq!(
            (&answer["error_code"], &answer["user_list"], &answer["repeats"]),
            (&json!(10214), &json!([]), &json!(repeats)),
            "{ids:?}"
        );
        for id in repeats {
            assert!(answer["error_msg"].as_str().unwrap().contains(id), "{answer}");
        }
        assert_eq!(enterprise.user_ids().await, ["a", "b"]);
    }
    // Without the repeats, the rest can be sent again. Upper and lower case are two.
    let rest = enterprise.ok("user/register", register(&["c", "d", "A"])).await;
    assert_eq!(rest["repeats"], json!([]));
    assert_eq!(enterprise.user_ids().await, ["a", "b", "c", "d", "A"]);
    assert_eq!(enterprise.user("a").await["role"], "student");
}

#[tokio::test]
async fn of_two_calls_at_once_the_later_is_told_exactly_what_the_other_has_taken() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for round in 0..10 {
        let list = |own: &str| {
            let ids = [format!("{own}{round}"), format!("shared{round}")];
            json!({"list": ids.map(|id| json!({"user_id": id, "role": "student"}))})
        };
        let calls = ["a", "b", "c", "d"].map(|own| enterprise.call("user/register", list(own)));
        let answers = futures_util::future::join_all(calls).await;
        let told: Vec<&Value> = answers.iter().filter(|a| a["error_code"] == 10214).map(|a| &a["repeats"]).collect();
        assert_eq!(told, [&json!([format!("shared{round}")]); 3], "{answers:?}");
    }
    assert_eq!(enterprise.user_ids().await.len(), 20);
}

#[tokio::test]
async fn one_to_a_hundred_users_are_registered_at_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for list in [json!([]), json!(people(101))] {
        let message = enterprise.refused("user/register", json!({"list": list}), 10003).await;
        assert!(message.contains("list"), "{message}");
    }
    enterprise.refused("user/register", json!({}), 10003).await;
    assert_eq!(enterprise.user_ids().await, [""; 0]);
    let answer = enterprise.ok("user/register", json!({"list": people(100)})).await;
    let list = answer["user_list"].as_array().unwrap();
    assert_eq!(list.len(), 100);
    for (n, user) in list.iter().enumerate() {
        assert_eq!(user["user_id"], format!("u{n}"));
    }
    assert_eq!(enterprise.user_ids().await.len(), 100);
}

#[tokio::test]
async fn every_role_and_gender_of_the_document_is_taken_and_no_other() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let words = [
        ("role", &["superadmin", "admin", "teacher", "assistant", "student", "supervisor", "visitor"][..]),
        ("gender", &["male", "female"]),
    ];
    for (field, allowed) in words {
        for word in allowed {
            let id = format!("{field}-{word}");
            assert_eq!(enterprise.register_with(&id, field, &json!(word)).await["error_code"], 0);
            assert_eq!(enterprise.user(&id).await[field], *word);
        }
        for wrong in [json!(""), json!("Student"), json!("MALE"), json!(1), json!(["student"])] {
            let answer = enterprise.register_with("x", field, &wrong).await;
            assert_eq!(answer["error_code"], 10003, "{field} {wrong}");
            assert!(answer["error_msg"].as_str().unwrap().contains(field), "{answer}");
        }
    }
    assert_eq!(enterprise.register_with("typo", "role", &json!("stduent")).await["error_code"], 0);
    assert_eq!(enterprise.user("typo").await["role"], "student");
}

#[tokio::test]
async fn contacts_and_pictures_are_checked_at_registration_and_at_change() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["known"]).await;
    let good = [
        ("phone_no", &["", "110", "13033445566", "+86 (755) 8376-1234", "00000000000000000000000000000000"][..]),
        ("e_mail", &["", "a@b", "xxx@xx.com", "first.last+tag@sub.example.com", "名@例え.jp"]),
        ("avatar", &["", "http://example.com", "https://example.com/a.png?x=1#y", "HTTPS://example.com/A"]),
    ];
    let bad = [
        ("phone_no", &["12", "+-() ", "123a", "１２３", "123456789012345678901234567890123"][..]),
        ("e_mail", &["a", "@", "a@", "@b", "a@b@c", "a b@c"]),
        (
            "avatar",
            &["x", "ftp://example.com/a", "http://", "//example.com/a", "javascript:alert(1)", "http:example.com"],
        ),
    ];
    for (field, values) in good {
        for (n, value) in values.iter().enumerate() {
            let answer = enterprise.register_with(&format!("{field}{n}"), field, &json!(value)).await;
            assert_eq!(answer["error_code"], 0, "{field} {value}: {answer}");
            enterprise.ok("user/profile/modify", json!({"user_id": "known", field: value})).await;
            if !value.is_empty() {
                assert_eq!(enterprise.user("known").await[field], *value);
            }
        }
    }
    let before = enterprise.user("known").await;
    for (field, values) in bad {
        for value in values {
            let answer = enterprise.register_with("new", field, &json!(value)).await;
            assert_eq!(answer["error_code"], 10003, "{field} {value}");
            let change = json!({"user_id": "known", field: value, "nickname": "changed"});
            let message = enterprise.refused("user/profile/modify", change, 10003).await;
            assert!(message.contains(field), "{message}");
        }
    }
    enterprise.refused("user/info", json!({"user_id": "new"}), 10215).await;
    assert_eq!(enterprise.user("known").await, before);
}

#[tokio::test]
async fn what_is_not_said_of_a_user_has_its_default() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!([{"user_id": "u", "role": "student"},
        {"user_id": "v", "role": "student", "nickname": "", "avatar": "", "gender": null, "password": null}]);
    enterprise.ok("user/register", json!({"list": list})).await;
    let mut pictures = HashSet::new();
    for id in ["u", "v"] {
        let user = enterprise.user(id).await;
        let picture = user["avatar"].as_str().unwrap().to_owned();
        assert!(picture.starts_with(&format!("{}/avatars/", service.url)), "{picture}");
        assert_eq!(
            user,
            json!({"user_id": id, "nickname": id, "gender": "male", "avatar": picture, "role": "student",
                "phone_no": "", "e_mail": "", "regist_time": BEGIN, "update_time": BEGIN})
        );
        assert_eq!(enterprise.user(id).await["avatar"], picture);
        pictures.insert(picture);
    }
    assert_eq!(pictures.len(), 2, "two ids in a row have different pictures");
}

#[tokio::test]
async fn the_pictures_of_users_without_one_are_small_square_pngs() {
    let service = Service::start();
    for number in 1..=6 {
        let response = service.http.get(format!("{}/avatars/{number}.png", service.url)).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"image/png".parse().unwrap())
        );
        let png = response.bytes().await.unwrap();
        assert!(png.len() < 100_000);
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!((&png[16..20], &png[20..24]), (&400u32.to_be_bytes()[..], &400u32.to_be_bytes()[..]));
    }
    for other in ["0", "7", "-1", "x", "99999999999999999999"] {
        let response = service.http.get(format!("{}/avatars/{other}.png", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 404, "{other}");
    }
}

#[tokio::test]
async fn tickets_are_random_and_kept_as_hashes_only() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let answer = enterprise.ok("user/register", json!({"list": people(100)})).await;
    let mut seen = HashSet::new();
    for user in answer["user_list"].as_array().unwrap() {
        let token = user["user_token"].as_str().unwrap();
        assert!(token.len() == 32 && token.bytes().all(|b| b"0123456789abcdef".contains(&b)), "{token}");
        assert!(seen.insert(token.to_owned()));
    }
    let token = answer["user_list"][7]["user_token"].as_str().unwrap().to_owned();
    let before = enterprise.row("u7").await;
    assert_eq!(before.token_hash, secret::hash_token(&token));
    assert_eq!(before.password_hash, None);
    assert!(!before.texts.contains(&token));

    let others = enterprise.row("u8").await;
    let renewed = enterprise.ok("user/token/update", json!({"user_id": "u7"})).await;
    let new = renewed["user_token"].as_str().unwrap();
    assert!(seen.insert(new.to_owned()) && new.len() == 32);
    let after = enterprise.row("u7").await;
    assert_eq!(after.token_hash, secret::hash_token(new));
    assert_ne!(after.token_hash, before.token_hash);
    assert!(!after.texts.contains(new) && !after.texts.contains(&token) && !after.texts.contains(&before.token_hash));
    assert_eq!(enterprise.row("u8").await, others);
    enterprise.refused("user/token/update", json!({"user_id": "nobody"}), 10215).await;
}

#[tokio::test]
async fn a_password_is_kept_as_an_argon2_hash() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (n, password) in ["abcd", "密码密码", "123456789012345678", "with blank"].iter().enumerate() {
        let id = format!("u{n}");
        assert_eq!(enterprise.register_with(&id, "password", &json!(password)).await["error_code"], 0);
        let row = enterprise.row(&id).await;
        let hash = row.password_hash.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(!row.texts.contains(password));
    }
    for wrong in [json!(""), json!("abc"), json!("1234567890123456789"), json!("tab\there"), json!(1234)] {
        let answer = enterprise.register_with("x", "password", &wrong).await;
        assert_eq!(answer["error_code"], 10003, "{wrong}");
        assert!(answer["error_msg"].as_str().unwrap().contains("password"), "{answer}");
    }
    // The same password twice has two hashes.
    let list = json!([{"user_id": "p", "role": "student", "password": "same-one"},
        {"user_id": "q", "role": "student", "password": "same-one"}]);
    enterprise.ok("user/register", json!({"list": list})).await;
    assert_ne!(enterprise.row("p").await.password_hash, enterprise.row("q").await.password_hash);
}

#[tokio::test]
async fn a_change_of_a_profile_touches_only_what_is_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!([{"user_id": "u", "role": "student", "nickname": "n", "gender": "male", "phone_no": "110",
        "avatar": "https://example.com/a", "e_mail": "a@b", "password": "password"}]);
    enterprise.ok("user/register", json!({"list": list})).await;
    let (mut expected, row) = (enterprise.user("u").await, enterprise.row("u").await);
    for (field, value) in [
        ("role", json!("admin")),
        ("nickname", json!("other")),
        ("gender", json!("female")),
        ("avatar", json!("https://example.com/b")),
        ("phone_no", json!("112")),
        ("phone_no", json!("")),
        ("e_mail", json!("c@d")),
        ("e_mail", json!("")),
    ] {
        service.pass(1);
        enterprise.ok("user/profile/modify", json!({"user_id": "u", field: value})).await;
        expected[field] = value;
        expected["update_time"] = service.now().into();
        assert_eq!(enterprise.user("u").await, expected, "{field}");
    }
    // null is absent, and what is not the profile's stays.
    service.pass(1);
    let nulls = json!({"user_id": "u", "role": null, "nickname": null, "gender": null, "avatar": null, "phone_no": null,
        "e_mail": null, "password": "changed!", "user_token": "x", "regist_time": 1});
    enterprise.ok("user/profile/modify", nulls).await;
    expected["update_time"] = service.now().into();
    assert_eq!(enterprise.user("u").await, expected);
    let after = enterprise.row("u").await;
    assert_eq!((after.token_hash, after.password_hash), (row.token_hash, row.password_hash));
    // Without a picture of their own, they have one of ours again.
    enterprise.ok("user/profile/modify", json!({"user_id": "u", "avatar": ""})).await;
    assert!(enterprise.user("u").await["avatar"].as_str().unwrap().starts_with(&service.url));
    enterprise.refused("user/profile/modify", json!({"user_id": "nobody", "nickname": "x"}), 10215).await;
    let message = enterprise.refused("user/info", json!({"user_id": "nobody"}), 10215).await;
    assert!(message.contains("nobody"), "{message}");
}
