//! What a call takes, from the OpenAPI description: its fields for people, and a body to begin with.

use serde_json::{Map, Value};

/// How deep fields within fields are described.
const DEPTH: usize = 4;
/// How many references lead to a schema at most.
const REFERENCES: usize = 8;

/// What a call is and takes.
pub(super) struct Described {
    /// What it does.
    pub(super) summary: String,
    /// What it is about.
    pub(super) group: String,
    pub(super) fields: Vec<Field>,
    /// A body with the required fields.
    pub(super) example: String,
}

/// A field of a body.
pub(super) struct Field {
    /// Its name, such as `list[].user_id`.
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) text: String,
}

impl Described {
    /// A call of the description; `None` for one that takes no JSON.
    pub(super) fn of(description: &Value, path: &str) -> Option<Self> {
        let operation = description.get("paths")?.get(path)?.get("post")?;
        let schema = operation.pointer("/requestBody/content/application~1json/schema")?;
        let schemas = Schemas(description.pointer("/components/schemas").unwrap_or(&Value::Null));
        let mut fields = Vec::new();
        schemas.add_fields(&mut fields, schema, "", 0);
        let summary = text(operation, "summary").trim_end_matches('.').to_owned();
        let group = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default().to_owned();
        let example = serde_json::to_string_pretty(&schemas.example(schema, 0)).unwrap_or_default();
        Some(Self { summary, group, fields, example })
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What a schema says about itself, also beside a reference that may be null.
fn meaning(schema: &Value) -> Option<&str> {
    let several = ["oneOf", "anyOf", "allOf"].iter().filter_map(|name| schema.get(name)?.as_array()).flatten();
    let all = std::iter::once(schema).chain(several);
    all.map(|one| text(one, "description")).find(|text| !text.is_empty())
}

/// The schemas that others refer to.
struct Schemas<'a>(&'a Value);

impl<'a> Schemas<'a> {
    /// The schema that another refers to; of several that are allowed, the first that is not null.
    fn resolved(&self, mut schema: &'a Value) -> &'a Value {
        for _ in 0..REFERENCES {
            let of_several = ["oneOf", "anyOf", "allOf"].iter().find_map(|name| schema.get(name)?.as_array());
            schema = if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                let name = reference.rsplit('/').next().unwrap_or_default();
                self.0.get(name).unwrap_or(&Value::Null)
            } else if let Some(several) = of_several {
                several.iter().find(|one| text(one, "type") != "null").unwrap_or(&Value::Null)
            } else {
                break;
            };
        }
        schema
    }

    fn add_fields(&self, fields: &mut Vec<Field>, schema: &'a Value, before: &str, depth: usize) {
        let schema = self.resolved(schema);
        let Some(properties) = schema.get("properties").and_then(Value::as_object).filter(|_| depth < DEPTH) else {
            return;
        };
        for (name, property) in properties {
            let resolved = self.resolved(property);
            let name_within = format!("{before}{name}");
            let text = meaning(property).or_else(|| meaning(resolved)).unwrap_or_default();
            let words: Vec<&str> = resolved
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let words = if words.is_empty() { String::new() } else { format!("{}. ", words.join(" | ")) };
            fields.push(Field {
                name: name_within.clone(),
                kind: self.kind(resolved),
                is_required: is_required(schema, name),
                text: format!("{words}{text}"),
            });
            match kind(resolved) {
                "object" => self.add_fields(fields, resolved, &format!("{name_within}."), depth + 1),
                "array" => {
                    let items = resolved.get("items").unwrap_or(&Value::Null);
                    self.add_fields(fields, items, &format!("{name_within}[]."), depth + 1);
                }
                _ => {}
            }
        }
    }

    /// The kind of a value, for people.
    fn kind(&self, schema: &'a Value) -> String {
        match (kind(schema), schema.get("items")) {
            ("array", Some(items)) => format!("array of {}", kind(self.resolved(items))),
            (other, _) => other.to_owned(),
        }
    }

    /// A value with what is required.
    fn example(&self, schema: &'a Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        let first = schema.get("enum").and_then(|words| words.get(0));
        if let Some(value) = schema.get("example").or(first) {
            return value.clone();
        }
        match kind(schema) {
            "string" => Value::String(String::new()),
            "integer" | "number" => Value::from(0),
            "boolean" => Value::Bool(false),
            "array" => match schema.get("items") {
                Some(items) if depth < DEPTH => Value::Array(vec![self.example(items, depth + 1)]),
                _ => Value::Array(Vec::new()),
            },
            _ => {
                let properties = schema.get("properties").and_then(Value::as_object).filter(|_| depth < DEPTH);
                let required = properties.into_iter().flatten().filter(|(name, _)| is_required(schema, name));
                let fields = required.map(|(name, property)| (name.clone(), self.example(property, depth + 1)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        }
    }
}

fn is_required(schema: &Value, name: &str) -> bool {
    schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name))
}

/// The type of a schema; of several, the first that is not null.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("any")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "any",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_is_described_with_its_fields_and_a_body_that_has_what_is_required() {
        let description = json!({
            "paths": {
                "/a/add": { "post": {
                    "summary": "Add some.", "tags": ["a"],
                    "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Add" } } } },
                } },
                "/a/upload": { "post": { "requestBody": { "content": { "multipart/form-data": {} } } } },
            },
            "components": { "schemas": {
                "Add": {
                    "type": "object",
                    "required": ["list", "size"],
                    "properties": {
                        "list": { "type": "array", "items": { "$ref": "#/components/schemas/One" } },
                        "size": { "type": "integer", "description": "How many" },
                        "again": { "$ref": "#/components/schemas/Add" },
                        "name": { "type": ["string", "null"] },
                    },
                },
                "One": {
                    "type": "object",
                    "required": ["role"],
                    "properties": {
                        "role": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Role" }] },
                        "own": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Role", "description": "Own" }] },
                    },
                },
                "Role": { "type": "string", "enum": ["student", "teacher"], "description": "The role" },
            } },
        });
        let described = Described::of(&description, "/a/add").unwrap();
        assert_eq!((described.summary.as_str(), described.group.as_str()), ("Add some", "a"));
        let example: Value = serde_json::from_str(&described.example).unwrap();
        assert_eq!(example, json!({ "list": [{ "role": "student" }], "size": 0 }));
        let find = |name: &str| described.fields.iter().find(|field| field.name == name).unwrap();
        assert_eq!((find("list").kind.as_str(), find("name").kind.as_str()), ("array of object", "string"));
        assert!(find("list[].role").is_required && !find("again").is_required);
        assert_eq!(find("list[].role").text, "student | teacher. The role");
        assert_eq!(find("list[].own").text, "student | teacher. Own");
        assert!(described.fields.len() < 40, "a schema that has itself ends somewhere");
        for other in ["/a/upload", "/a/other"] {
            assert!(Described::of(&description, other).is_none(), "{other}");
        }
    }
}
