//! No enterprise can access the rows of another.

mod same_names;

use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::protocol::iclass::sign::sign;
use serde_json::{Value, json};

use crate::support::calls::{all_calls, everything};
use crate::support::service::{Enterprise, Service};

/// Ids that do not exist.
const NO_CLASS: i64 = 999_999_999;

const NO_USER: &str = "nobody_has_this_id";
const NO_DOC: &str = "0000000000000000";

/// The resources of one enterprise, with a `user_id` that the other enterprise also has and one that it does not have.
struct Tenant<'a> {
    enterprise: Enterprise<'a>,
    booked: i64,
    running: i64,
    ended: i64,
    doc_id: String,
    /// A pending delivery.
    delivery_id: i64,
}

impl<'a> Tenant<'a> {
    async fn make(service: &'a Service, own_user: &str) -> Self {
        let enterprise = service.enterprise().await;
        let subscribes = Patch {
            call_back_url: Some("http://school.example.com/".into()),
            callback_on_api: Some(true),
            callback_events: Some(vec![Extra::JoinClass, Extra::QuitClass]),
            callback_paused: Some(true),
            ..Patch::default()
        };
        enterprise.set(subscribes).await;
        let user =
            |id: &str, role: &str| json!({"user_id": id, "role": role, "nickname": format!("{own_user}'s {id}")});
        let users = json!([user("shared", "student"), user("teacher_1", "teacher"), user(own_user, "student")]);
        enterprise.ok("user/register", json!({ "list": users })).await;
        let members = json!([{"user_id": "shared", "role": "student"}, {"user_id": own_user, "role": "student"}]);
        let fields = || json!({"class_topic": format!("of {own_user}"), "members": members});
        let booked = enterprise.class(fields()).await;
        let running = enterprise.class(fields()).await;
        let ended = enterprise.class(fields()).await;
        for class_id in [running, ended] {
            enterprise.ok("class/start", json!({ "class_id": class_id })).await;
            for user_id in ["shared", own_user] {
                enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id, "camera": 1})).await;
            }
        }
        for class_id in [running, ended] {
            let said = json!({"class_id": class_id, "user_id": own_user, "content": "hello"});
            enterprise.ok("imstorage/send", said).await;
        }
        enterprise.ok("class/stop", json!({ "class_id": ended })).await;
        let document = json!({"doc_url": "http://files.example.com/a", "doc_name": "shared name", "owner": "shared"});
        let doc_id = enterprise.ok("document/add", document).await["doc_id"].as_str().unwrap().to_owned();
        let deliveries = enterprise.ok("callback/list", json!({})).await;
        let delivery_id = deliveries["list"][0]["delivery_id"].as_i64().unwrap();
        Self { enterprise, booked, running, ended, doc_id, delivery_id }
    }
}

/// Makes a call with an id of another enterprise and with one that does not exist. The answers differ only in the id.
async fn same_as_none(enterprise: &Enterprise<'_>, call: &str, body: &Value, theirs: &str, nobodys: &str) {
    let asked = body.to_string();
    assert!(asked.contains(theirs), "{call} {body}");
    let for_theirs = enterprise.send(call, asked.clone()).await;
    let for_nobodys = enterprise.send(call, asked.replace(theirs, nobodys)).await;
    assert_ne!(for_theirs["error_code"], 0, "{call} {body}");
    assert_eq!(for_theirs.to_string().replace(theirs, nobodys), for_nobodys.to_string(), "{call} {body}");
}

#[tokio::test]
async fn the_ids_of_another_enterprise_answer_as_those_that_nobody_has() {
    let service = Service::start();
    let (a, b) = (Tenant::make(&service, "only_a").await, Tenant::make(&service, "only_b").await);
    let (before_a, before_b) = (everything(&a.enterprise).await, everything(&b.enterprise).await);
    let mut tried = Vec::new();
    for class_id in [a.booked, a.running, a.ended] {
        for (call, body) in [
            ("class/delete", json!({ "class_id": class_id })),
            ("class/modify", json!({"class_id": class_id, "class_topic": "taken", "teacher_id": "only_b"})),
            ("class/modify", json!({"class_id": class_id, "members": []})),
            ("class/info", json!({ "class_id": class_id })),
            ("class/start", json!({ "class_id": class_id })),
            ("class/start", json!({"class_id": class_id, "teacher_id": "teacher_1"})),
            ("class/stop", json!({ "class_id": class_id })),
            ("class/link", json!({"class_id": class_id, "user_id": "shared"})),
            ("member/add", json!({"class_id": class_id, "list": [{"user_id": "only_b", "role": "student"}]})),
            ("member/add", json!({"class_id": class_id, "list": []})),
            ("member/delete", json!({"class_id": class_id, "list": ["shared"]})),
            ("member/join", json!({"class_id": class_id, "user_id": "shared"})),
            ("member/join", json!({"class_id": class_id, "user_id": "only_b"})),
            ("member/visitor/join", json!({"class_id": class_id, "nickname": "v"})),
            ("member/quit", json!({"class_id": class_id, "user_id": "shared"})),
            ("member/runtime/list", json!({ "class_id": class_id })),
            ("member/runtime/total", json!({ "class_id": class_id })),
            ("member/history/list", json!({ "class_id": class_id })),
            ("member/history/total", json!({ "class_id": class_id })),
            ("imstorage/list", json!({ "class_id": class_id })),
            ("imstorage/msg", json!({ "class_id": class_id })),
            ("imstorage/msg", json!({"class_id": class_id, "group_id": format!("{class_id}_chat")})),
            ("imstorage/send", json!({"class_id": class_id, "user_id": "shared", "content": "taken"})),
            ("imstorage/private", json!({ "class_id": class_id })),
            ("imstorage/recall", json!({"class_id": class_id, "user_id": "shared", "message_id": "c1"})),
            ("class/attendance", json!({ "class_id": class_id })),
            ("class/attendance/csv", json!({ "class_id": class_id })),
            ("class/document/add", json!({"class_id": class_id, "doc_ids": [b.doc_id]})),
            ("class/document/delete", json!({"class_id": class_id, "doc_ids": [b.doc_id]})),
            ("class/document/list", json!({ "class_id": class_id })),
            ("localrecord/query", json!({ "class_id": class_id })),
        ] {
            b.enterprise.refused(call, body.clone(), 10230).await;
            same_as_none(&b.enterprise, call, &body, &class_id.to_string(), &NO_CLASS.to_string()).await;
            tried.push(call);
        }
    }
    for (call, body) in [
        ("user/profile/modify", json!({"user_id": "only_a", "nickname": "taken"})),
        ("user/token/update", json!({"user_id": "only_a"})),
        ("user/delete", json!({"user_id": "only_a"})),
        ("user/info", json!({"user_id": "only_a"})),
        ("class/link", json!({"class_id": b.running, "user_id": "only_a"})),
        ("member/join", json!({"class_id": b.running, "user_id": "only_a"})),
        ("member/quit", json!({"class_id": b.running, "user_id": "only_a"})),
    ] {
        b.enterprise.refused(call, body.clone(), 10215).await;
        same_as_none(&b.enterprise, call, &body, "only_a", NO_USER).await;
        tried.push(call);
    }
    for (call, body) in [
        ("document/info", json!({"doc_id": a.doc_id})),
        ("document/delete", json!({"doc_ids": [a.doc_id]})),
        ("document/delete", json!({"doc_ids": [b.doc_id, a.doc_id]})),
        ("document/delete", json!({"doc_ids": [a.doc_id, b.doc_id]})),
        ("class/document/add", json!({"class_id": b.booked, "doc_ids": [b.doc_id, a.doc_id]})),
        ("class/document/delete", json!({"class_id": b.booked, "doc_ids": [b.doc_id, a.doc_id]})),
    ] {
        b.enterprise.refused(call, body.clone(), 10003).await;
        same_as_none(&b.enterprise, call, &body, &a.doc_id, NO_DOC).await;
        tried.push(call);
    }
    for (call, body) in [
        ("callback/info", json!({"delivery_id": a.delivery_id})),
        ("callback/replay", json!({"delivery_ids": [a.delivery_id]})),
    ] {
        let message = b.enterprise.refused(call, body.clone(), 10003).await;
        assert!(message.contains("no such delivery"), "{message}");
        tried.push(call);
    }
    b.enterprise.ok("callback/replay", json!({"dead_since": 0})).await;
    assert_eq!(everything(&a.enterprise).await, before_a, "something of A was changed");
    assert_eq!(everything(&b.enterprise).await, before_b, "something of B was half done");

    // Calls without an id of a row, or with one as a filter or a name, are tested below.
    let elsewhere = [
        "class/create",
        "class/list",
        "user/register",
        "user/list",
        "document/add",
        "document/list",
        "business/modify",
        "business/info",
        "console/link",
        "event/list",
        "callback/list",
        "imstorage/groups",
        "imstorage/filter/add",
        "imstorage/filter/delete",
        "imstorage/filter/list",
    ];
    for call in all_calls() {
        assert_ne!(tried.contains(&call.name), elsewhere.contains(&call.name), "{}", call.name);
    }
}

#[tokio::test]
async fn lists_and_totals_have_the_rows_of_their_own_enterprise_only() {
    let service = Service::start();
    let (a, b) = (Tenant::make(&service, "only_a").await, Tenant::make(&service, "only_b").await);
    for (own, other) in [(&a, &b), (&b, &a)] {
        let enterprise = &own.enterprise;
        let classes = enterprise.ok("class/list", json!({"create_time_desc": false})).await;
        let ids: Vec<i64> =
            classes["list"].as_array().unwrap().iter().map(|row| row["class_id"].as_i64().unwrap()).collect();
        assert_eq!((&classes["total"], ids), (&json!(3), vec![own.booked, own.running, own.ended]));
        assert_eq!(enterprise.ok("class/list", json!({"user_id": "shared"})).await["total"], 3);
        assert_eq!(enterprise.ok("user/list", json!({})).await["total"], 3);
        assert_eq!(enterprise.ok("user/list", json!({"prefix": "shared"})).await["total"], 1);
        for asked in [json!({}), json!({"owner": "shared"}), json!({"prefix": "shared"})] {
            let documents = enterprise.ok("document/list", asked).await;
            assert_eq!((&documents["total"], &documents["list"][0]["doc_id"]), (&json!(1), &json!(own.doc_id)));
        }
        for call in ["member/runtime/total", "member/history/total"] {
            assert_eq!(enterprise.ok(call, json!({"class_id": own.running})).await["total"], 2, "{call}");
        }
        for (call, asked) in [
            ("event/list", json!({})),
            ("event/list", json!({"class_id": own.running})),
            ("callback/list", json!({})),
            ("callback/list", json!({"class_id": own.running})),
        ] {
            let answer = enterprise.ok(call, asked.clone()).await;
            let rows = answer["list"].as_array().unwrap();
            let own_class = |row: &Value| row["class_id"] == own.running || row["class_id"] == own.ended;
            assert!(!rows.is_empty() && rows.iter().all(own_class), "{call} {asked}: {answer}");
            let theirs = enterprise.ok(call, json!({"class_id": other.running})).await;
            assert_eq!((&theirs["list"], &theirs["finish"]), (&json!([]), &json!(true)), "{call}");
        }
        let stranger = if other.booked == a.booked { "only_a" } else { "only_b" };
        for (call, asked) in [
            ("class/list", json!({ "user_id": stranger })),
            ("user/list", json!({ "prefix": stranger })),
            ("document/list", json!({ "owner": stranger })),
        ] {
            let answer = enterprise.ok(call, asked).await;
            assert_eq!((&answer["total"], &answer["list"]), (&json!(0), &json!([])), "{call}");
        }
        let published = everything(enterprise).await;
        assert!(!json!(published).to_string().contains(stranger), "{published:?}");
    }
}

#[tokio::test]
async fn an_enterprise_sees_and_changes_itself_only() {
    let service = Service::start();
    let (a, b) = (service.enterprise().await, service.enterprise().await);
    let before = a.ok("business/info", json!({})).await;
    // Naming the other enterprise in the body does not help.
    let names = json!({"sdkappid": a.sdkappid, "enterprise_id": a.enterprise_id, "name": "taken",
        "call_back_url": "http://b.example.com/", "tic_key": "0123456789abcdef"});
    b.ok("business/modify", names).await;
    assert_eq!(a.ok("business/info", json!({})).await, before);
    let of_b = b.ok("business/info", json!({"sdkappid": a.sdkappid, "enterprise_id": a.enterprise_id})).await;
    assert_eq!(
        (&of_b["sdkappid"], &of_b["name"], &of_b["tic_key"]),
        (&json!(b.sdkappid), &json!("taken"), &json!(b.tic_key))
    );
    for secret in [&a.tic_key, &a.private_key] {
        assert!(!of_b.to_string().contains(secret.as_str()));
    }
}

#[tokio::test]
async fn the_key_of_one_enterprise_does_not_sign_for_another() {
    let service = Service::start();
    let (a, b) = (Tenant::make(&service, "only_a").await, Tenant::make(&service, "only_b").await);
    let before = everything(&a.enterprise).await;
    let expire_time = service.now() + 60;
    let sign = sign(&b.enterprise.tic_key, expire_time);
    for call in all_calls() {
        let (sdkappid, url) = (a.enterprise.sdkappid, &service.url);
        let url = format!("{url}/paas/v1/{}?sdkappid={sdkappid}&expire_time={expire_time}&sign={sign}", call.name);
        let body = json!({"class_id": a.running, "user_id": "shared", "doc_ids": [a.doc_id], "name": "taken"});
        let answer: Value = service.http.post(url).body(body.to_string()).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["error_code"], 10217, "{}", call.name);
        assert_eq!(answer["error_msg"], "sign: wrong", "{}", call.name);
    }
    assert_eq!(everything(&a.enterprise).await, before);
}
