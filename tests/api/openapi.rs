//! The description of the protocol and the pages beside it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::calls::{COMPONENT_CALLS, Call, Kind, SERVICE_CALLS, UPLOAD, all_calls};
use crate::component::Component;
use crate::outbox;
use crate::receiver::Receiver;
use crate::service::Service;

/// Every `error_code` that a call may answer.
const CODES: [i64; 24] = [
    -1, 10000, 10003, 10005, 10202, 10203, 10211, 10214, 10215, 10216, 10217, 10218, 10220, 10222, 10223, 10224, 10225,
    10226, 10227, 10228, 10230, 10270, 10280, 10300,
];

async fn document(service: &Service) -> Value {
    let response = service.http.get(format!("{}/openapi.json", service.url)).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    response.json().await.unwrap()
}

/// The schema itself behind a reference, and of an optional one the part that isn't null.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = document.pointer(reference.strip_prefix('#').unwrap());
        return resolved(document, found.unwrap_or_else(|| panic!("{reference} is not there")));
    }
    match schema["oneOf"].as_array() {
        Some(parts) => resolved(document, parts.iter().find(|part| part["type"] != "null").unwrap()),
        None => schema,
    }
}

/// Every field of a schema as in [`all_calls`], with whether it is required and what it is.
fn fields(document: &Value, schema: &Value, at: &str, found: &mut BTreeMap<String, (bool, Value)>) {
    let schema = resolved(document, schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fields(document, part, at, found);
    }
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()).collect();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{at}/{name}");
        found.insert(path.clone(), (required.contains(name.as_str()), resolved(document, field).clone()));
        fields(document, field, &path, found);
    }
    if let Some(items) = schema.get("items") {
        let path = format!("{at}/0");
        found.insert(path.clone(), (true, resolved(document, items).clone()));
        fields(document, items, &path, found);
    }
}

/// Every call with its path.
fn described_calls() -> impl Iterator<Item = (String, &'static Call)> {
    let signed = all_calls().map(|call| (format!("/paas/v1/{}", call.name), call));
    let of_service =
        |scope: &'static str| SERVICE_CALLS.iter().map(move |call| (format!("/{scope}/v1/{}", call.name), call));
    let signed = signed.chain(of_service("transcode")).chain(of_service("ppt2h5"));
    signed.chain(COMPONENT_CALLS.iter().map(|call| (format!("/saas/v1/{}", call.name), call)))
}

fn body_of<'a>(document: &'a Value, call: &str) -> &'a Value {
    let body = &document["paths"][call]["post"]["requestBody"];
    &body["content"]["application/json"]["schema"]
}

fn answer_of<'a>(document: &'a Value, call: &str) -> &'a Value {
    let answer = &document["paths"][call]["post"]["responses"]["200"];
    &answer["content"]["application/json"]["schema"]
}

#[tokio::test]
async fn the_description_has_exactly_the_27_calls_and_those_of_lectern_and_of_components() {
    let service = Service::start();
    let document = document(&service).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut calls: BTreeSet<String> = described_calls().map(|(path, _)| path).collect();
    calls.insert(format!("/paas/v1/{UPLOAD}"));
    assert_eq!(calls.len(), 41 + 28 + 2 * 3);
    assert_eq!(described, calls.iter().map(String::as_str).collect());
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        assert_eq!(item.as_object().unwrap().keys().collect::<Vec<_>>(), ["post"], "{path}");
        assert!(operations.insert(item["post"]["operationId"].as_str().unwrap()), "{path}");
        assert_ne!(item["post"]["summary"].as_str().unwrap(), "");
    }
    for call in &COMPONENT_CALLS {
        let operation = &document["paths"][format!("/saas/v1/{}", call.name)]["post"];
        assert_eq!(operation["tags"], json!(["component"]), "{}", call.name);
    }
    for call in all_calls() {
        let tags = &document["paths"][format!("/paas/v1/{}", call.name)]["post"]["tags"];
        let module = call.name.split('/').next().unwrap();
        assert_eq!(*tags, json!([if module == "event" { "callback" } else { module }]), "{}", call.name);
    }
}

#[tokio::test]
async fn every_call_has_the_public_parameters() {
    let service = Service::start();
    let document = document(&service).await;
    for call in all_calls() {
        let operation = &document["paths"][format!("/paas/v1/{}", call.name)]["post"];
        let parameters = operation["parameters"].as_array().unwrap();
        let of = |place: &str| -> Vec<&str> {
            let there = parameters.iter().filter(|parameter| parameter["in"] == place);
            there.map(|parameter| parameter["name"].as_str().unwrap()).collect()
        };
        assert_eq!(of("query"), ["sdkappid", "random", "expire_time", "sign"], "{}", call.name);
        let header: &[&str] = if call.name == "class/create" { &["Idempotency-Key"] } else { &[] };
        assert_eq!(of("header"), header, "{}", call.name);
        assert!(parameters.iter().all(|parameter| parameter["description"].is_string()));
    }
    for call in &COMPONENT_CALLS {
        let operation = &document["paths"][format!("/saas/v1/{}", call.name)]["post"];
        let parameters = operation["parameters"].as_array().unwrap();
        let names: Vec<&str> = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["sdkappid", "user_id", "token", "random", "sign"], "{}", call.name);
    }
}

#[tokio::test]
async fn an_upload_is_described_as_it_is() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let document = document(&service).await;
    let path = format!("/paas/v1/{UPLOAD}");
    let operation = &document["paths"][&path]["post"];
    let parameters = operation["parameters"].as_array().unwrap();
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sdkappid", "random", "expire_time", "sign", "doc_name", "doc_ext", "permission"]);
    assert!(operation["requestBody"]["content"]["application/octet-stream"].is_object(), "{operation}");
    let mut described = BTreeMap::new();
    fields(&document, answer_of(&document, &path), "", &mut described);
    let answer = enterprise.send(UPLOAD, "file").await;
    assert_eq!(paths(&answer), described.into_keys().collect());
}

#[tokio::test]
async fn every_field_of_every_body_is_described() {
    let service = Service::start();
    let document = document(&service).await;
    for (path, call) in described_calls() {
        let mut described = BTreeMap::new();
        fields(&document, body_of(&document, &path), "", &mut described);
        let expected: BTreeSet<&str> = call.fields.iter().map(|field| field.path).collect();
        let items: BTreeSet<&str> = described.keys().map(String::as_str).collect();
        assert_eq!(items, expected, "{path}");
        for field in call.fields {
            let (required, schema) = &described[field.path];
            // class/create and class/modify share their fields; what class/create needs stands in the description.
            let shared = call.name == "class/create" && field.path == "/teacher_id";
            assert_eq!(*required, field.required && !shared, "{path} {}", field.path);
            let is = |kind: &str| {
                let given = &schema["type"];
                given == kind || given.as_array().is_some_and(|kinds| kinds.iter().any(|given| given == kind))
            };
            let kind = match field.kind {
                Kind::Any => continue,
                Kind::Int(_) => "integer",
                Kind::Text(_) | Kind::Word => "string",
                Kind::Bool => "boolean",
                Kind::Array(_) => "array",
                Kind::Object => "object",
            };
            assert!(is(kind), "{path} {}: {schema}", field.path);
            assert_eq!(schema.get("enum").is_some(), field.kind == Kind::Word, "{path} {}", field.path);
        }
    }
}

#[tokio::test]
async fn words_are_described_as_they_are_on_the_wire() {
    let service = Service::start();
    let document = document(&service).await;
    for (name, words) in [
        ("Role", &["superadmin", "admin", "teacher", "assistant", "student", "supervisor", "visitor"] as &[&str]),
        ("Gender", &["male", "female"]),
        ("Type", &["public", "1v1", "1vN"]),
        ("Status", &["will", "ing", "end"]),
        ("LiveType", &["close", "window", "board"]),
        ("RecordType", &["local", "remote"]),
        ("Permission", &["public", "private"]),
        ("Progress", &["pending", "delivered", "dead"]),
        ("TranscodeStatus", &["", "queued", "processing", "finished"]),
    ] {
        assert_eq!(document["components"]["schemas"][name]["enum"], json!(words), "{name}");
    }
}

#[tokio::test]
async fn every_answer_is_described_as_it_is() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let document = document(&service).await;
    let described = |call: &str| -> BTreeSet<String> {
        let mut found = BTreeMap::new();
        fields(&document, answer_of(&document, &format!("/paas/v1/{call}")), "", &mut found);
        // There when a list is asked for by cursor and goes on.
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
    check("member/join", json!({"class_id": class_id, "user_id": "s"})).await;
    check("member/visitor/join", class.clone()).await;
    for call in ["member/runtime/list", "member/runtime/total", "member/history/list", "member/history/total"] {
        check(call, class.clone()).await;
    }
    // The first row is the teacher's, who has no stay.
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
        let described: BTreeSet<String> = described.into_keys().filter(|path| path != "/next").collect();
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
    enterprise.ok("class/document/add", json!({"class_id": class_id, "doc_ids": [doc_id]})).await;
    check("class/document/list", json!({ "class_id": class_id })).await;
    check("document/delete", json!({"doc_ids": [doc_id]})).await;
}

#[tokio::test]
async fn every_answer_about_events_is_described_as_it_is() {
    let service = outbox::start(&[]);
    let receiver = Receiver::start();
    let enterprise = outbox::hearing(&service, &receiver.url).await;
    outbox::begun_class(&enterprise).await;
    let delivery_id = outbox::tried(&enterprise, 1).await["delivery_id"].clone();
    let document = document(&service).await;
    for (call, body) in [
        ("event/list", json!({})),
        ("callback/list", json!({})),
        ("callback/info", json!({ "delivery_id": delivery_id })),
        ("callback/replay", json!({"delivery_ids": [delivery_id]})),
    ] {
        let mut described = BTreeMap::new();
        fields(&document, answer_of(&document, &format!("/paas/v1/{call}")), "", &mut described);
        // What is in `data` depends on the event.
        let answered = paths(&enterprise.ok(call, body).await).into_iter().filter(|path| !path.contains("/data/"));
        let described = described.into_keys().filter(|path| path != "/next");
        assert_eq!(answered.collect::<BTreeSet<_>>(), described.collect(), "{call}");
    }
}

/// The paths of an answer as in [`fields`]: every array that is not empty by its first item.
fn paths(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left = vec![(String::new(), value)];
    while let Some((at, value)) = left.pop() {
        if !at.is_empty() {
            found.insert(at.clone());
        }
        // `repeats` is empty when all went well.
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
        assert_eq!(responses.as_object().unwrap().keys().collect::<Vec<_>>(), ["200"]);
        let description = responses["200"]["description"].as_str().unwrap();
        let rows = description.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
        let listed: Vec<i64> = rows.filter_map(|(code, _)| code.parse().ok()).collect();
        assert_eq!(listed, CODES, "{path}");
    }
}

#[tokio::test]
async fn every_path_that_is_described_answers() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for path in document(&service).await["paths"].as_object().unwrap().keys() {
        let Some(call) = path.strip_prefix("/paas/v1/") else { continue };
        let response = service.http.post(enterprise.signed(call)).body("{}").send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let code = response.json::<Value>().await.unwrap()["error_code"].as_i64().unwrap();
        assert!(code == 0 || code == 10003, "{path}: {code}");
    }
}

#[tokio::test]
async fn the_page_of_the_description_needs_this_host_only() {
    let service = Service::start();
    let get = async |path: &str| {
        let response = service.http.get(format!("{}{path}", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        (response.url().path().to_owned(), response.text().await.unwrap())
    };
    let (at, index) = get("/docs").await;
    assert_eq!(at, "/docs/");
    let mut parts = Vec::new();
    for attribute in ["src=\"", "href=\""] {
        parts.extend(index.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()));
    }
    assert!(parts.len() >= 5, "{index}");
    for part in parts {
        assert!(!part.contains("//"), "{part} is somewhere else");
        let (_, text) = get(&format!("/docs/{}", part.trim_start_matches("./"))).await;
        assert!(!text.is_empty(), "{part}");
        if part.ends_with("initializer.js") {
            assert!(text.contains("\"/openapi.json\""), "{text}");
            assert!(!text.contains("://"), "{text}");
            // Without this, the page has an outside service draw a badge.
            assert!(text.contains("\"validatorUrl\": \"none\""), "{text}");
        }
    }
    assert!(!index.contains("://"), "{index}");
    assert_eq!(service.http.get(format!("{}/docs/nothing.js", service.url)).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_process_says_that_it_lives_and_is_ready() {
    let service = Service::start();
    let ready = json!({"status": "ready", "converter": "there is no converter"});
    for (path, said) in [("/healthz", json!({"status": "ok"})), ("/readyz", ready)] {
        let response = service.http.get(format!("{}{path}", service.url)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.json::<Value>().await.unwrap(), said);
    }
}
