//! Registration: a call registers all its users or none.

use serde_json::{Value, json};

use super::people;
use crate::support::service::Service;

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
        ("avatar", json!("http:///picture.png")),
        ("avatar", json!("  ")),
        ("password", json!("abc")),
    ] {
        let mut list = people(3);
        list[2][field] = value.clone();
        let message = enterprise.refused("user/register", json!({"list": list}), 10003).await;
        assert!(message.starts_with(&format!("list[2].{field}: ")), "{field} {value}: {message}");
    }
    for missing in ["user_id", "role"] {
        let mut list = people(3);
        list[1].as_object_mut().unwrap().remove(missing);
        let message = enterprise.refused("user/register", json!({"list": list}), 10003).await;
        assert!(message.starts_with("list[1]") && message.contains(missing), "{message}");
    }
    assert_eq!(enterprise.user_ids().await, [""; 0]);
}

#[tokio::test]
async fn ids_in_use_are_reported_and_nobody_is_registered() {
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
    // The call succeeds without the repeated users. User ids are case-sensitive.
    let rest = enterprise.ok("user/register", register(&["c", "d", "A"])).await;
    assert_eq!(rest["repeats"], json!([]));
    assert_eq!(enterprise.user_ids().await, ["a", "b", "c", "d", "A"]);
    assert_eq!(enterprise.user("a").await["role"], "student");
}

#[tokio::test]
async fn of_two_calls_at_once_the_later_is_answered_exactly_the_ids_that_the_other_has_taken() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for round in 0..10 {
        let list = |own: &str| {
            let ids = [format!("{own}{round}"), format!("shared{round}")];
            json!({"list": ids.map(|id| json!({"user_id": id, "role": "student"}))})
        };
        let calls = ["a", "b", "c", "d"].map(|own| enterprise.call("user/register", list(own)));
        let answers = futures_util::future::join_all(calls).await;
        let published: Vec<&Value> =
            answers.iter().filter(|a| a["error_code"] == 10214).map(|a| &a["repeats"]).collect();
        assert_eq!(published, [&json!([format!("shared{round}")]); 3], "{answers:?}");
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
async fn a_refusal_for_any_reason_has_both_lists() {
    let service = Service::start_with(&["--body-limit-bytes", "2000"]);
    let enterprise = service.enterprise().await;
    let good = enterprise.signed("user/register");
    let body = json!({"list": people(1)}).to_string();
    let large = format!("{body}{}", " ".repeat(2000));
    let bad_row = json!({"list": [{"user_id": "a", "role": "king"}]}).to_string();
    let bad_contact = json!({"list": [{"user_id": "a", "role": "student", "e_mail": "nowhere"}]}).to_string();
    let unsigned = good.replace("sign=", "sign=0");
    let unknown = good.replace("sdkappid=", "sdkappid=9");
    for (url, body, code) in [
        (&good, "{", 10000),
        (&good, "[]", 10003),
        (&good, "{}", 10003),
        (&good, r#"{"list":[]}"#, 10003),
        (&good, bad_row.as_str(), 10003),
        (&good, bad_contact.as_str(), 10003),
        (&good, large.as_str(), 10005),
        (&unsigned, body.as_str(), 10217),
        (&unknown, body.as_str(), 10270),
    ] {
        let answer = service.http.post(url).body(body.to_owned()).send().await.unwrap().json::<Value>().await.unwrap();
        assert_eq!(
            (&answer["error_code"], &answer["user_list"], &answer["repeats"]),
            (&json!(code), &json!([]), &json!([])),
            "{body}: {answer}"
        );
    }
    // Other calls have neither.
    let answer = enterprise.call("user/info", json!({})).await;
    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
}
