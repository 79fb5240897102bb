//! Tokens and passwords are stored only as hashes.

use std::collections::HashSet;

use lectern::domain::tenancy::secret;
use serde_json::json;

use super::people;
use crate::support::service::Service;

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
    // The same password has a different hash each time.
    let list = json!([{"user_id": "p", "role": "student", "password": "same-one"},
        {"user_id": "q", "role": "student", "password": "same-one"}]);
    enterprise.ok("user/register", json!({"list": list})).await;
    assert_ne!(enterprise.row("p").await.password_hash, enterprise.row("q").await.password_hash);
}
