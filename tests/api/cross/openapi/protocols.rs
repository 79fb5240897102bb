//! The other protocols are described too, with their refusals.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document;
use crate::support::service::Service;

/// The methods and paths that a prefix has in the description.
fn calls<'a>(document: &'a Value, prefix: &str) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with(prefix));
    let calls = |(path, item): (&'a String, &'a Value)| {
        item.as_object().unwrap().keys().map(move |method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    paths.flat_map(calls).collect()
}

fn set(calls: &[&str]) -> BTreeSet<String> {
    calls.iter().map(|call| (*call).to_owned()).collect()
}

#[tokio::test]
async fn niuclass_is_described() {
    let service = Service::start();
    let document = document(&service).await;
    let expected = set(&[
        "delete /api/course/{id}",
        "delete /api/course/{id}/members/{member_id}",
        "delete /api/organization/{id}/members/{member_id}",
        "get /api/course/{id}",
        "get /api/courses",
        "get /api/user/statistics",
        "post /api/course/{id}/customim",
        "post /api/organization",
        "post /api/organization/{id}/courses",
        "post /api/organization/{id}/members",
        "put /api/course/{id}",
        "put /api/course/{id}/members/{member_id}",
        "put /api/course/{id}/times",
        "put /api/organization/{id}",
        "put /api/organization/{id}/member",
        "put /api/organization/{id}/members",
        "put /api/organization/{id}/members/{member_id}",
        "put /api/user/profile",
    ]);
    assert_eq!(calls(&document, "/api/"), expected);
    assert_eq!(calls(&document, "/login"), set(&["post /login"]));
    let responses = &document["paths"]["/api/organization"]["post"]["responses"];
    for status in ["400", "401", "403", "404", "413", "429", "500", "503"] {
        let schema = &responses[status]["content"]["application/json"]["schema"]["$ref"];
        assert_eq!(schema, "#/components/schemas/NiuclassError", "{status}");
    }
    assert!(responses["201"].is_object());
}

#[tokio::test]
async fn im_is_described_at_each_of_its_roots() {
    let service = Service::start();
    let document = document(&service).await;
    let groups = [
        "delete /group/{group_id}",
        "delete /group/{group_id}/member",
        "get /org/{organization_id}/contacts",
        "get /org/{organization_id}/groups",
        "post /group",
        "post /group/{group_id}/member",
        "post /org/{class_id}/message",
        "put /group/{group_id}",
    ];
    for root in ["/im", "/v1/im"] {
        for call in groups {
            let (method, path) = call.split_once(' ').unwrap();
            assert!(document["paths"][format!("{root}{path}")][method].is_object(), "{root} {call}");
        }
    }
    for root in ["", "/im", "/v1/im"] {
        let paths = calls(&document, &format!("{root}/signature/"));
        assert_eq!(paths.len(), 1 + 2 * 2 + 2 * 2, "{paths:?}");
    }
    // A refusal that concerns a group has HTTP 200.
    let rename = &document["paths"]["/im/group/{group_id}"]["put"]["responses"]["200"];
    assert_eq!(rename["content"]["application/json"]["schema"]["anyOf"][1]["$ref"], "#/components/schemas/ImError");
}

#[tokio::test]
async fn every_command_of_suixinbo_is_described_and_answers_at_its_path() {
    let service = Service::start();
    let document = document(&service).await;
    let paths = calls(&document, "/sxb_new/");
    assert_eq!(paths.len(), 3 + 13 + 1 + 3, "{paths:?}");
    for path in paths.iter().map(|call| call.strip_prefix("post ").unwrap()) {
        let (svc, cmd) = path.strip_prefix("/sxb_new/").unwrap().split_once('/').unwrap();
        let url = format!("{}{path}?svc={svc}&cmd={cmd}", service.url);
        let answer: Value = service.http.post(url).body("{}").send().await.unwrap().json().await.unwrap();
        // 10001 is the answer to a command that does not exist.
        assert_ne!(answer["errorCode"], 10001, "{path}: {answer}");
    }
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let service = Service::start();
    let document = document(&service).await;
    let mut left = vec![&document];
    while let Some(value) = left.pop() {
        if let Some(reference) = value["$ref"].as_str() {
            assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
        }
        match value {
            Value::Object(fields) => left.extend(fields.values()),
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
}
