//! What a report says beside its name. The protocol doesn't say what that looks like, so every likely form is taken.

use serde_json::Value;

use crate::domain::classroom::report::event::{Data, Permission, TARGETS};

/// The longest id of a user, in characters.
const ID_CHARS: usize = 128;
/// The fields that have a row for each person.
const ROWS: [&str; 3] = ["member_permission_list", "list", "objectId"];
/// The field that names people where others may name the reporter.
const OBJECT: &str = "objectId";
/// The fields that name people.
const NAMES: [&str; 6] = ["user_id", "userid", "to", "user_ids", "list", "member_permission_list"];

/// Takes what came. A text that holds JSON is read as that JSON.
pub fn read(sent: Option<&Value>) -> Data {
    let sent = sent.filter(|value| !value.is_null());
    let value = match sent {
        Some(Value::String(inner)) => match serde_json::from_str(inner) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => value,
            _ => Value::String(inner.clone()),
        },
        Some(value) => value.clone(),
        None => Value::Null,
    };
    let mut people = Vec::new();
    collect(&value, &mut people);
    Data {
        text: sent.map(ToString::to_string).unwrap_or_default(),
        people,
        is_empty: is_empty(&value),
        permissions: permissions(&value),
        check_id: field(&value, &["check_id"]),
        time_limit: field(&value, &["time_limit", "limit_time"]).and_then(|text| text.parse().ok()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A field that is a text or an integer: the first of these names that is there.
fn field(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| as_text(value.get(name)?))
}

/// What is said of each person: a switch for their camera and one for their microphone. The page sends one switch, and the
/// rights that it is for; an empty right answers a raised hand.
fn permissions(value: &Value) -> Vec<Permission> {
    let rows = match value {
        Value::Array(rows) => rows.as_slice(),
        Value::Object(fields) => match ROWS.iter().find_map(|name| fields.get(*name)) {
            Some(Value::Array(rows)) if rows.iter().all(Value::is_object) => rows.as_slice(),
            _ => std::slice::from_ref(value),
        },
        _ => &[],
    };
    let mut found = Vec::new();
    for row in rows.iter().take(TARGETS) {
        let mut people = Vec::new();
        collect(row, &mut people);
        let rights = rights(row.get("rights"));
        let has = |right: &str| rights.iter().any(|one| one == right);
        let switched =
            |right: &str| switch(row.get(right)).or_else(|| switch(row.get("enable")).filter(|_| has(right)));
        let (camera, mic, answers_hand) = (switched("camera"), switched("mic"), has(""));
        found.extend(people.into_iter().map(|user_id| Permission { user_id, camera, mic, answers_hand }));
    }
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) if fields.contains_key(OBJECT) => {
            fields.get(OBJECT).into_iter().for_each(|named| collect(named, found));
        }
        Value::Object(fields) => {
            NAMES.iter().filter_map(|name| fields.get(*name)).for_each(|named| collect(named, found));
        }
        _ => {
            if let Some(id) = as_text(value)
                && found.len() <= TARGETS
                && !found.contains(&id)
            {
                found.push(id);
            }
        }
    }
}

/// An id: a text that can be one, or an integer.
fn as_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_i64() => number.to_string(),
        _ => return None,
    };
    let fits = !text.is_empty() && text.chars().count() <= ID_CHARS && !text.contains(char::is_control);
    fits.then_some(text)
}

/// The rights that a switch is for: an array of texts, or one text.
fn rights(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(inner @ Value::Array(_)) => rights(Some(&inner)),
            _ => vec![text.clone()],
        },
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// On or off: 1 or 0, true or false, or either as a text.
fn switch(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Bool(on) => Some(i64::from(*on)),
        other => match as_text(other)?.as_str() {
            "1" | "true" => Some(1),
            "0" | "false" => Some(0),
            _ => None,
        },
    }
}
