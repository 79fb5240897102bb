//! All calls are described with their parameters and all fields of their bodies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::{answer_of, paths};
use super::{document, fields};
use crate::support::calls::{COMPONENT_CALLS, Call, Kind, SERVICE_CALLS, UPLOAD, all_calls};
use crate::support::service::Service;

/// All calls with their paths.
pub fn described_calls() -> impl Iterator<Item = (String, &'static Call)> {
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

#[tokio::test]
async fn the_description_has_exactly_the_27_calls_and_those_of_lectern_and_of_components() {
    let service = Service::start();
    let document = document(&service).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut calls: BTreeSet<String> = described_calls().map(|(path, _)| path).collect();
    calls.insert(format!("/paas/v1/{UPLOAD}"));
    for upload in ["document/upload", "imstorage/upload", "localrecord/upload"] {
        calls.insert(format!("/saas/v1/{upload}"));
    }
    calls.extend(HEARTBEATS.map(str::to_owned));
    assert_eq!(calls.len(), 50 + COMPONENT_CALLS.len() + 2 + 2 * 3 + 3);
    let of_iclass = |path: &&str| {
        ["/paas/", "/saas/", "/transcode/", "/ppt2h5/", "/v4/"].iter().any(|scope| path.starts_with(scope))
    };
    let described: BTreeSet<&str> = described.into_iter().filter(of_iclass).collect();
    assert_eq!(described, calls.iter().map(String::as_str).collect());
    for path in described {
        assert_eq!(document["paths"][path].as_object().unwrap().keys().collect::<Vec<_>>(), ["post"], "{path}");
    }
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            assert!(operations.insert(operation["operationId"].as_str().unwrap()), "{path}");
            assert_ne!(operation["summary"].as_str().unwrap(), "", "{path}");
        }
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

/// The heartbeats of components and of older ones.
const HEARTBEATS: [&str; 2] = ["/saas/v1/report/heartbeat", "/v4/ilvb_edu/report_heartbeat"];

#[tokio::test]
async fn heartbeats_are_described_with_the_names_that_components_send() {
    let service = Service::start();
    let document = document(&service).await;
    for path in HEARTBEATS {
        let (mut taken, mut answered) = (BTreeMap::new(), BTreeMap::new());
        fields(&document, body_of(&document, path), "", &mut taken);
        fields(&document, answer_of(&document, path), "", &mut answered);
        for field in ["/HeartbeatList/0/CustomData/class_id", "/HeartbeatList/0/CustomData/token", "/class_id"] {
            assert!(taken.contains_key(field), "{path}: {taken:?}");
        }
        assert!(answered.contains_key("/Response/IntervalTime"), "{path}: {answered:?}");
        assert_eq!(answered.contains_key("/error_code"), path.starts_with("/saas/"), "{path}");
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
        let own: &[&str] = if call.name == "class/attendance/csv" { &["format"] } else { &[] };
        assert_eq!(of("query"), [&["sdkappid", "random", "expire_time", "sign"], own].concat(), "{}", call.name);
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
            // class/create and class/modify share their fields. The text of class/create says which ones it requires.
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
