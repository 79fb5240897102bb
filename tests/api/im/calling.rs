//! Authentication: tokens of an enterprise, and calls without a token as in the document.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lectern::domain::tenancy::enterprise::{Draft, Patch};
use lectern::domain::tenancy::settings::ChatPatch;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::app::{AppState, MASTER_KEY, answer, signature};
use crate::support::PATIENCE;
use crate::support::database::Database;
use crate::support::http;
use crate::support::service::{Enterprise, Service};
use crate::support::webhooks;

/// All calls of the document, for an app and a group.
pub fn calls(app_id: &str, group: i64, class_id: i64, organization: i64) -> Vec<(Method, String, Value)> {
    let fields = json!({"group_name": "taken", "member_client_ids": "taken"});
    vec![
        (Method::GET, format!("/signature/login/{app_id}/3"), json!({})),
        (Method::GET, format!("/signature/conversion/{app_id}/2/3:4:5:6"), json!({})),
        (Method::GET, format!("/signature/invite/{app_id}/2/3/4:5:6"), json!({})),
        (Method::GET, format!("/signature/kick/{app_id}/2/3/4:5:6"), json!({})),
        (Method::PUT, format!("/im/group/{group}"), fields.clone()),
        (Method::POST, format!("/im/group/{group}/member"), fields.clone()),
        (Method::DELETE, format!("/im/group/{group}/member"), fields.clone()),
        (Method::GET, format!("/im/org/{organization}/groups"), json!({})),
        (Method::GET, format!("/im/org/{organization}/contacts"), json!({})),
        (Method::POST, format!("/im/org/{class_id}/message"), json!({})),
        (Method::DELETE, format!("/im/group/{group}"), json!({})),
    ]
}

#[tokio::test]
async fn without_a_token_that_is_good_nothing_is_answered() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let group = app.group(json!({"organization_id": 2})).await;
    let mut calls = calls(&app.app_id, group, 1, 2);
    calls.push((Method::POST, "/im/group".into(), json!({})));
    for (method, path, fields) in calls {
        for shown in [None, Some("wrong"), Some("")] {
            app.showing(shown).refused(401, 1005, method.clone(), &path, fields.clone()).await;
        }
    }
    assert_eq!(
        app.get("/im/org/2/groups").await["data"],
        json!([{"id": group, "group_name": "群聊", "group_avatar": ""}])
    );
}

#[tokio::test]
async fn a_token_is_a_bearer_or_the_user_of_basic() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let token = app.token.clone().unwrap();
    let url = format!("{}/im/org/0/groups", service.url);
    let get = || service.http.get(&url);
    let with = |header: String| get().header("authorization", header);
    let good: [RequestBuilder; 4] = [
        get().bearer_auth(&token),
        with(format!("bearer  {token}")),
        get().basic_auth(&token, Some("anything")),
        get().basic_auth(&token, Option::<&str>::None),
    ];
    for request in good {
        assert_eq!(answer(request).await.0, 200);
    }
    let bad: [RequestBuilder; 5] = [
        get().basic_auth("user", Some(&token)),
        with("Basic !".into()),
        with("Bearer".into()),
        with(token.clone()),
        with(format!("Digest {token}")),
    ];
    for request in bad {
        let (status, refusal) = answer(request).await;
        assert_eq!((status.as_u16(), &refusal["code"]), (401, &json!(1005)));
    }
}

#[tokio::test]
async fn an_enterprise_without_a_key_or_past_its_validity_is_refused() {
    let service = Service::start();
    let enterprise = service.enterprise_of(Draft { valid_seconds: Some(100), ..Draft::default() }).await;
    let app = AppState::of(&enterprise).await;
    let login = format!("/signature/login/{}/3", app.app_id);
    app.get(&login).await;
    let chat = ChatPatch { chat_master_key: Some(String::new()), ..ChatPatch::default() };
    enterprise.set(Patch { chat, ..Patch::default() }).await;
    let msg = app.refused(403, 1008, Method::GET, &login, json!({})).await;
    assert!(msg.contains("master key"), "{msg}");
    service.pass(101);
    app.refused(403, 1008, Method::GET, "/im/org/0/groups", json!({})).await;
}

#[tokio::test]
async fn what_could_be_signed_in_two_ways_is_not_signed() {
    let service = Service::start();
    let app = AppState::of(&service.enterprise().await).await;
    let id = &app.app_id;
    let long = "x".repeat(129);
    for path in [
        format!("login/{id}/a:b"),
        format!("login/{id}/{long}"),
        format!("login/{id}/a%0Ab"),
        format!("conversion/{id}/a:b/c"),
        format!("invite/{id}/a/b:c/d"),
        format!("kick/{id}/a/b%3Ac/d"),
    ] {
        app.refused(400, 1000, Method::GET, &format!("/signature/{path}"), json!({})).await;
    }
}

/// Allows calls without a token for an enterprise.
async fn open(enterprise: &Enterprise<'_>, chat_app_id: Option<&str>) {
    let chat_app_id = chat_app_id.map(str::to_owned);
    let chat = ChatPatch { im_open: Some(true), chat_app_id, ..ChatPatch::default() };
    enterprise.set(Patch { chat, ..Patch::default() }).await;
}

#[tokio::test]
async fn the_open_form_is_for_enterprises_that_are_open_alone() {
    let draft = |sdkappid| Draft { sdkappid: Some(sdkappid), ..Draft::default() };
    let service = Service::start_with(&["--im-default-sdkappid", "1400000007"]);
    let enterprise = service.enterprise_of(draft(1_400_000_007)).await;
    let shut = AppState::of(&service.enterprise_of(draft(1_400_000_008)).await).await;
    let app = AppState::of(&enterprise).await;
    let nobody = app.showing(None);
    let login = |app_id: &str| format!("/signature/login/{app_id}/3");
    nobody.refused(401, 1005, Method::GET, &login(&app.app_id), json!({})).await;
    nobody.refused(401, 1005, Method::GET, "/im/org/0/groups", json!({})).await;

    open(&enterprise, None).await;
    let signed = nobody.get(&login(&app.app_id)).await;
    let text = |app_id: &str| {
        let part = |name: &str| signed[name].as_str().unwrap();
        format!("{app_id}:3::{}:{}", part("timestamp"), part("nonce"))
    };
    assert_eq!(signed["signature"], signature(&text(&app.app_id)));
    nobody.refused(401, 1005, Method::GET, &login(&shut.app_id), json!({})).await;
    nobody.refused(401, 1005, Method::GET, &login("1400000009"), json!({})).await;
    // A token that is sent must be valid all the same.
    app.showing(Some("wrong")).refused(401, 1005, Method::GET, &login(&app.app_id), json!({})).await;
    // Groups belong to the enterprise that the operator chose.
    let group = nobody.group(json!({})).await;
    assert_eq!(app.get("/im/org/0/groups").await["data"][0]["id"], group);
    assert_eq!(shut.get("/im/org/0/groups").await["total_count"], 0);

    // With another application id it is found only by that id.
    open(&enterprise, Some("LeanApp-gzGzo")).await;
    assert_eq!(nobody.get(&login("LeanApp-gzGzo")).await["app_id"], "LeanApp-gzGzo");
    nobody.refused(401, 1005, Method::GET, &login(&app.app_id), json!({})).await;
    app.refused(404, 1001, Method::GET, &login(&app.app_id), json!({})).await;
}

#[tokio::test]
async fn without_a_default_enterprise_groups_need_a_token() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let app = AppState::of(&enterprise).await;
    open(&enterprise, None).await;
    app.showing(None).get(&format!("/signature/login/{}/3", app.app_id)).await;
    app.showing(None).refused(401, 1005, Method::POST, "/im/group", json!({})).await;
}

/// Runs `lectern enterprise` on a database, and returns the output or the error message.
fn enterprise(database_url: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_lectern"))
        .arg("enterprise")
        .args(arguments)
        .args(["--database-url", database_url])
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[tokio::test]
async fn the_operator_makes_lists_and_revokes_tokens() {
    let service = webhooks::start_now(&[]);
    let made = service.enterprise().await;
    let other = service.enterprise().await.sdkappid.to_string();
    let app = AppState::of(&made).await;
    let id = made.sdkappid.to_string();
    let run = |arguments: &[&str]| enterprise(service.database_url(), arguments);
    let create = ["token", "create", &id, "--name", "phone app", "--json"];
    let token: Value = serde_json::from_str(&run(&create).unwrap()).unwrap();
    assert_eq!(token["name"], "phone app");
    let phone = app.showing(token["token"].as_str());
    phone.get("/im/org/0/groups").await;

    let listed: Value = serde_json::from_str(&run(&["token", "list", &id, "--json"]).unwrap()).unwrap();
    let names: Vec<&Value> = listed.as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert_eq!(names, ["app", "phone app"]);
    let printed = run(&["token", "list", &id]).unwrap();
    assert!(printed.contains("phone app") && !printed.contains(token["token"].as_str().unwrap()), "{printed}");

    assert!(run(&["token", "create", &id, "--name", "app"]).unwrap_err().contains("name"));
    assert!(run(&["token", "create", &id, "--name", ""]).unwrap_err().contains("name"));
    assert!(run(&["token", "create", "1", "--name", "app"]).unwrap_err().contains("sdkappid"));
    assert!(run(&["token", "revoke", &other, "--name", "phone app"]).unwrap_err().contains("name"));
    run(&["token", "revoke", &id, "--name", "phone app"]).unwrap();
    phone.refused(401, 1005, Method::GET, "/im/org/0/groups", json!({})).await;
    app.get("/im/org/0/groups").await;
}

#[tokio::test]
async fn the_operator_sets_what_signs_and_who_may_call() {
    let service = webhooks::start_now(&[]);
    let (made, other) = (service.enterprise().await, service.enterprise().await);
    let id = made.sdkappid.to_string();
    let run = |arguments: &[&str]| enterprise(service.database_url(), arguments);
    let show = |secrets: &[&str]| -> Value {
        serde_json::from_str(&run(&[&["show", &id, "--json"], secrets].concat()).unwrap()).unwrap()
    };
    assert_eq!((&show(&[])["chat_app_id"], &show(&[])["chat_master_key"]), (&json!(id), &json!("")));
    run(&["set", &id, "--chat-master-key", MASTER_KEY, "--chat-app-id", "lean", "--im-open", "true"]).unwrap();
    assert_eq!(show(&[])["chat_master_key"], "********");
    let shown = show(&["--secrets"]);
    assert_eq!((&shown["chat_master_key"], &shown["chat_app_id"]), (&json!(MASTER_KEY), &json!("lean")));
    assert_eq!(shown["im_open"], true);
    let their_id = other.sdkappid.to_string();
    for (id, flag, value) in [
        (&their_id, "--chat-app-id", "lean"),
        (&their_id, "--chat-app-id", "a:b"),
        (&their_id, "--chat-app-id", "a/b"),
        (&id, "--chat-app-id", their_id.as_str()),
        (&id, "--chat-master-key", "with a blank"),
        (&id, "--im-open", "perhaps"),
    ] {
        let complaint = run(&["set", id, flag, value]).unwrap_err();
        assert!(complaint.contains(&flag[2..].replace('-', "_")) || complaint.contains(flag), "{complaint}");
    }
    run(&["set", &id, "--chat-app-id", ""]).unwrap();
    assert_eq!(show(&[])["chat_app_id"], id);
}

#[tokio::test]
async fn the_log_shows_neither_tokens_nor_signatures() {
    let database = Database::create();
    let made = enterprise(&database.url, &["create", "--name", "School", "--protocols", "im", "--json"]).unwrap();
    let id = serde_json::from_str::<Value>(&made).unwrap()["sdkappid"].to_string();
    enterprise(&database.url, &["set", &id, "--chat-master-key", MASTER_KEY]).unwrap();
    let made = enterprise(&database.url, &["token", "create", &id, "--name", "app", "--json"]).unwrap();
    let token = serde_json::from_str::<Value>(&made).unwrap()["token"].as_str().unwrap().to_owned();
    let mut server = Command::new(env!("CARGO_BIN_EXE_lectern"))
        .args(["serve", "--listen", "127.0.0.1:0", "--workers", "1", "--log", "trace", "--media", "off"])
        .args(["--database-url", &database.url])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap());
    let (mut logged, mut line) = (String::new(), String::new());
    let address = loop {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "{logged}");
        logged.push_str(&line);
        if let Some((_, address)) = line.trim_end().split_once("listening on ") {
            break address.to_owned();
        }
    };
    // Read its output concurrently, so that it does not block.
    let rest = std::thread::spawn(move || {
        let mut rest = Vec::new();
        log.read_to_end(&mut rest).unwrap();
        String::from_utf8_lossy(&rest).into_owned()
    });
    let http = http::client();
    // A database on a server is checked first.
    let begun = Instant::now();
    while http.get(format!("http://{address}/readyz")).send().await.unwrap().status() != 200 {
        assert!(begun.elapsed() < PATIENCE, "waited in vain");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let login = format!("http://{address}/signature/login/{id}/client");
    let (status, signed) = answer(http.get(&login).bearer_auth(&token)).await;
    let (wrong, _) = answer(http.get(format!("{login}?token={token}")).basic_auth("a-wrong-token", Some(&token))).await;
    server.kill().unwrap();
    server.wait().unwrap();
    logged.push_str(&rest.join().unwrap());
    assert_eq!((status.as_u16(), wrong.as_u16()), (200, 401));
    assert!(logged.contains(&format!("GET /signature/login/{id}/client 200")), "{logged}");
    assert!(logged.contains("401 1005"), "{logged}");
    for secret in [token.as_str(), "a-wrong-token", MASTER_KEY, signed["signature"].as_str().unwrap()] {
        assert!(!logged.contains(secret), "{secret} is in the log");
    }
}
