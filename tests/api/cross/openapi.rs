//! The OpenAPI description and its pages.

mod answers;
mod calls;
mod pages;
mod protocols;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::service::Service;

async fn document(service: &Service) -> Value {
    let response = service.http.get(format!("{}/openapi.json", service.url)).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    response.json().await.unwrap()
}

/// Resolves a reference; of an optional schema, the part that is not null.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = document.pointer(reference.strip_prefix('#').unwrap());
        return resolved(document, found.unwrap_or_else(|| panic!("{reference} is not there")));
    }
    // Of a success or a refusal, the success.
    match schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        Some(parts) => resolved(document, parts.iter().find(|part| part["type"] != "null").unwrap()),
        None => schema,
    }
}

/// All fields of a schema as in [`all_calls`], with type and whether they are required.
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
