//! What a report says beside its name. The protocol doesn't say what that looks like, so every likely form is taken.

use serde_json::Value;

use crate::domain::classroom::report::event::{Data, Permission, TARGETS};

/// The longest id of a user, in characters.
const ID_CHARS: usize = 128;
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
        permissions: permissions(&value),
        check_id: field(&value, &["check_id"]),
        time_limit: field(&value, &["time_limit", "limit_time"]).and_then(|text| text.parse().ok()),
    }
}

/// A field that is a text or an integer: the first of these names that is there.
fn field(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| as_text(value.get(name)?))
}

/// What is said of each person: a switch for their camera and one for their microphone.
fn permissions(value: &Value) -> Vec<Permission> {
    let rows = match value {
        Value::Array(rows) => rows.as_slice(),
        Value::Object(fields) => match fields.get("member_permission_list").or_else(|| fields.get("list")) {
            Some(Value::Array(rows)) => rows.as_slice(),
            _ => std::slice::from_ref(value),
        },
        _ => &[],
    };
    let mut found = Vec::new();
    for row in rows.iter().take(TARGETS) {
        let mut people = Vec::new();
        collect(row, &mut people);
        let (camera, mic) = (switch(row.get("camera")), switch(row.get("mic")));
        found.extend(people.into_iter().map(|user_id| Permission { user_id, camera, mic }));
    }
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
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
