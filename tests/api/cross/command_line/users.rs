//! `lectern user`.

use serde_json::{Value, json};

use super::program::Program;
use crate::support::raw::Raw;

/// A program with an enterprise, whose `sdkappid` it returns.
fn school() -> (Program, String) {
    let program = Program::new();
    let id = program.create()["sdkappid"].to_string();
    (program, id)
}

/// The arguments of a command for users of an enterprise.
fn with_id<'a>(id: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    [&["user"], args, &["--sdkappid", id]].concat()
}

#[test]
fn users_are_registered_listed_and_shown_without_their_secrets() {
    let (program, id) = school();
    let made = program.json(&with_id(&id, &["register", "t 1", "--role", "teacher", "--password", "secret", "--json"]));
    assert_eq!(made["user_id"], "t 1");
    assert_eq!(made["user_token"].as_str().unwrap().len(), 32);
    let printed = program.ok(&with_id(&id, &["register", "s1", "--role", "student", "--nickname", "李"]));
    assert!(printed.starts_with("user_id: s1\nuser_token: "), "{printed}");
    for (args, complaint) in [
        (vec!["register", "s1", "--role", "student"], "s1"),
        (vec!["register", "s2", "--role", "pupil"], "student"),
        (vec!["register", "", "--role", "student"], "128"),
        (vec!["register", "a\nb", "--role", "student"], "control"),
        (vec!["register", "s2", "--role", "student", "--password", "abc"], "password"),
        (vec!["show", "nobody"], "nobody"),
        (vec!["set-password", "nobody", "--password", "secret"], "nobody"),
        (vec!["delete", "nobody", "--yes"], "nobody"),
        (vec!["delete", "s1"], "--yes"),
    ] {
        let message = program.refused(&with_id(&id, &args));
        assert!(message.contains(complaint), "{args:?}: {message}");
    }
    let rows = program.json(&with_id(&id, &["list", "--json"]));
    let rows: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["user_id"], row["nickname"], row["has_password"]]))
        .collect();
    assert_eq!(rows, [json!(["t 1", "t 1", true]), json!(["s1", "李", false])]);
    for (filter, ids) in [(["--role", "teacher,admin"], vec!["t 1"]), (["--prefix", "s"], vec!["s1"])] {
        let rows = program.json(&with_id(&id, &["list", "--json", filter[0], filter[1]]));
        let found: Vec<_> = rows.as_array().unwrap().iter().map(|row| &row["user_id"]).collect();
        assert_eq!(json!(found), json!(ids));
    }
    let table = program.ok(&with_id(&id, &["list"]));
    assert!(table.lines().count() == 3 && table.contains("USER_ID") && table.contains("李"), "{table}");
    let shown = program.json(&with_id(&id, &["show", "t 1", "--json"]));
    assert_eq!((&shown["role"], &shown["has_password"]), (&json!("teacher"), &json!(true)));
    assert!(!shown.to_string().contains("argon2"), "{shown}");
    for args in [vec!["list"], vec!["show", "s1"]] {
        let message = program.refused(&[&["user"], args.as_slice(), &["--sdkappid", "1"]].concat());
        assert!(message.contains("sdkappid"), "{message}");
    }
}

#[test]
fn a_running_server_sees_a_new_password_and_a_deletion() {
    let (program, id) = school();
    let user = |args: &[&str]| program.ok(&[&["user"], args, &["--sdkappid", &id]].concat());
    user(&["register", "t1", "--role", "teacher", "--password", "before"]);
    let other = program.create()["sdkappid"].to_string();
    program.ok(&["user", "register", "t1", "--role", "teacher", "--sdkappid", &other]);
    let server = program.serve(&[]);
    let page = |token: &str, call: &str, body: &Value| {
        let url = format!("{}/saas/v1/{call}?sdkappid={id}&user_id=t1&token={token}", server.url);
        Raw::connect(&server.url).post(&url, "", body.to_string()).json()
    };
    let signs_in = |password: &str| page("", "user/login", &json!({"userid": "t1", "password": password}));
    let token = signs_in("before")["token"].as_str().unwrap().to_owned();
    assert_eq!(page(&token, "user/info", &json!({}))["error_code"], 0);
    assert_eq!(user(&["set-password", "t1", "--password", "after!"]), "");
    assert_eq!(page(&token, "user/info", &json!({}))["error_code"], 10216);
    assert_eq!(signs_in("before")["error_code"], 10218);
    let token = signs_in("after!")["token"].as_str().unwrap().to_owned();
    assert_eq!(user(&["delete", "t1", "--yes"]), "");
    assert_eq!(page(&token, "user/info", &json!({}))["error_code"], 10216);
    assert_ne!(signs_in("after!")["error_code"], 0);
    assert_eq!(program.json(&["user", "list", "--json", "--sdkappid", &id]), json!([]));
    let rows = program.json(&["user", "list", "--json", "--sdkappid", &other]);
    assert_eq!(rows[0]["user_id"], "t1");
}
