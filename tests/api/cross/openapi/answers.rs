//! All answers match their description.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::calls::described_calls;
use super::{document, fields};
use crate::support::component::Component;
use crate::support::receiver::Receiver;
use crate::support::service::Service;
use crate::support::webhooks;

/// All error codes of a call.
const CODES: [i64; 27] = [
    -1, 10000, 10003, 10005, 10202, 10203, 10211, 10214, 10215, 10216, 10217, 10218, 10220, 10222, 10223, 10224, 10225,
    10226, 10227, 10228, 10230, 10270, 10280, 10290, 10291, 10292, 10300,
];

pub fn answer_of<'a>(document: &'a Value, call: &str) -> &'a Value {
    let answer = &document["paths"][call]["post"]["responses"]["200"];
    &answer["content"]["application/json"]["schema"]
}

#[tokio::test]
async fn every_answer_is_described_as_it_is() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let document = document(&service).await;
    let described = |call: &str| -> BTreeSet<String> {
        let mut found = BTreeMap::new();
        fields(&document, answer_of(&document, &format!("/paas/v1/{call}")), "", &mut found);
        // Present in a list with a cursor that has more rows.
        found.into_keys().filter(|path| path != "/next").collect()
    };
    let check = async |call: &str, body: Value| {
        let answer = enterprise.ok(call, body).await;
        assert_eq!(paths(&answer), described(call), "{call}");
        answer
    };
    check("user/register", json!({"list": [{"user_id": "s", "role": "student"}]})).await;
    check("user/profile/modify", json!({"user_id": "s"})).await;
    check("user/token/update", json!({"user_id": "s"})).await;
    check("user/info", json!({"user_id": "s"})).await;
    check("user/list", json!({})).await;
    let class_id = check("class/create", json!({"teacher_id": "t"})).await["class_id"].clone();
    let class = json!({ "class_id": class_id });
    check("class/modify", class.clone()).await;
    check("member/add", json!({"class_id": class_id, "list": []})).await;
    check("member/delete", json!({"class_id": class_id, "list": []})).await;
    check("class/start", class.clone()).await;
    check("class/info", class.clone()).await;
    check("class/list", json!({})).await;
    check("class/link", json!({"class_id": class_id, "user_id": "s"})).await;
    check("console/link", json!({"role": "support", "name": "s"})).await;
    check("member/join", json!({"class_id": class_id, "user_id": "s"})).await;
    check("member/visitor/join", class.clone()).await;
    for call in ["member/runtime/list", "member/runtime/total", "member/history/list", "member/history/total"] {
        check(call, class.clone()).await;
    }
    // The first row is the teacher, who has no session.
    check("class/attendance", json!({"class_id": class_id, "index": 1})).await;
    check("member/quit", json!({"class_id": class_id, "user_id": "s"})).await;
    check("class/stop", class.clone()).await;
    check("class/delete", class).await;
    let doc_id = check("document/add", json!({"doc_url": "http://a.b/c"})).await["doc_id"].clone();
    check("document/info", json!({ "doc_id": doc_id })).await;
    check("document/list", json!({})).await;
    let bound = json!({"class_id": enterprise.class(json!({})).await, "doc_ids": [doc_id]});
    check("class/document/add", bound.clone()).await;
    check("class/document/list", json!({"class_id": bound["class_id"]})).await;
    check("class/document/delete", bound).await;
    check("document/delete", json!({"doc_ids": [doc_id]})).await;
    check("business/modify", json!({})).await;
    check("business/info", json!({})).await;
}

#[tokio::test]
async fn every_answer_to_a_component_is_described_as_it_is() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let document = document(&service).await;
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let class = json!({"class_id": enterprise.class(json!({})).await});
    let check = async |call: &str, body: Value| {
        let mut described = BTreeMap::new();
        fields(&document, answer_of(&document, &format!("/saas/v1/{call}")), "", &mut described);
        let answer = teacher.ok(call, body).await;
        // No document here is converted.
        let absent = ["/next", "/list/0/images/0", "/list/0/thumbnails/0"];
        let described: BTreeSet<String> =
            described.into_keys().filter(|path| !absent.contains(&path.as_str())).collect();
        assert_eq!(paths(&answer), described, "{call}");
        answer
    };
    check("business/base/info", json!({"enterprise_id": enterprise.enterprise_id})).await;
    let visitor = check("user/visitor/get", class.clone()).await;
    check("user/login", json!({"userid": visitor["user_id"], "password": visitor["password"]})).await;
    check("user/info", json!({})).await;
    check("class/info", class.clone()).await;
    check("class/start", class.clone()).await;
    for list in ["class/list", "class/public/list"] {
        check(list, json!({})).await;
    }
    teacher.ok("member/join", json!({"class_id": class["class_id"], "camera": 1})).await;
    check("member/join", json!({"class_id": class["class_id"], "camera": 1})).await;
    check("member/visitor/join", class.clone()).await;
    check("member/runtime/list", class.clone()).await;
    check("member/quit", class.clone()).await;
    check("class/stop", class).await;
    let doc_id = check("document/add", json!({"doc_url": "http://a.b/c"})).await["doc_id"].clone();
    check("document/list", json!({})).await;
    let class_id = enterprise.class(json!({})).await;
    for call in ["board/add", "timer/start"] {
        check(call, json!({"class_id": class_id, "duration": 1000})).await;
    }
    enterprise.ok("class/document/add", json!({"class_id": class_id, "doc_ids": [doc_id]})).await;
    check("class/document/list", json!({ "class_id": class_id })).await;
    check("document/delete", json!({"doc_ids": [doc_id]})).await;
}

#[tokio::test]
async fn every_answer_about_events_is_described_as_it_is() {
    let service = webhooks::start(&[]);
    let receiver = Receiver::start();
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    webhooks::begun_class(&enterprise).await;
    let delivery_id = webhooks::tried(&enterprise, 1).await["delivery_id"].clone();
    let document = document(&service).await;
    for (call, body) in [
        ("event/list", json!({})),
        ("callback/list", json!({})),
        ("callback/info", json!({ "delivery_id": delivery_id })),
        ("callback/replay", json!({"delivery_ids": [delivery_id]})),
    ] {
        let mut described = BTreeMap::new();
        fields(&document, answer_of(&document, &format!("/paas/v1/{call}")), "", &mut described);
        // The fields of `data` depend on the event.
        let answered = paths(&enterprise.ok(call, body).await).into_iter().filter(|path| !path.contains("/data/"));
        let described = described.into_keys().filter(|path| path != "/next");
        assert_eq!(answered.collect::<BTreeSet<_>>(), described.collect(), "{call}");
    }
}

/// The paths of an answer as in [`fields`]. An array is represented by its first item.
pub fn paths(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left = vec![(String::new(), value)];
    while let Some((at, value)) = left.pop() {
        if !at.is_empty() {
            found.insert(at.clone());
        }
        // `repeats` is empty on success.
        if at == "/repeats" {
            found.insert("/repeats/0".to_owned());
        }
        match value {
            Value::Object(fields) => left.extend(fields.iter().map(|(name, field)| (format!("{at}/{name}"), field))),
            Value::Array(items) => left.extend(items.first().map(|item| (format!("{at}/0"), item))),
            _ => {}
        }
    }
    found
}

#[tokio::test]
async fn every_answer_lists_the_error_codes() {
    let service = Service::start();
    let document = document(&service).await;
    for (path, _) in described_calls() {
        let responses = &document["paths"][&path]["post"]["responses"];
        assert_eq!(responses.as_object().unwrap().keys().collect::<Vec<_>>(), ["200", "500", "503"]);
        let refusal = json!({"$ref": "#/components/schemas/IclassRefusal"});
        for status in ["500", "503"] {
            assert_eq!(responses[status]["content"]["application/json"]["schema"], refusal, "{path}");
        }
        let schema = &responses["200"]["content"]["application/json"]["schema"];
        assert!(*schema == refusal || schema["anyOf"][1] == refusal, "{path}: {schema}");
        let description = responses["200"]["description"].as_str().unwrap();
        let rows = description.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
        let listed: Vec<i64> = rows.filter_map(|(code, _)| code.parse().ok()).collect();
        assert_eq!(listed, CODES, "{path}");
    }
}
