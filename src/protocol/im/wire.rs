//! How values arrive and leave: as form fields, as JSON, and in the query.

use std::collections::HashSet;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::http::wire::parse_fields;
pub use crate::http::wire::{Error, Int, Text};

/// The field whose ids may come in several.
const MEMBERS: &str = "member_client_ids";
/// What stands between ids, and between the parts of what is signed.
const BETWEEN: char = ':';
/// The most ids in one call.
const IDS_AT_MOST: usize = 10_000;

/// Any integer that is not negative.
pub type Natural = Int<0, { i64::MAX }>;

/// Parses what a call was sent. JSON begins with a brace, everything else is a form; what is empty is not there. A field in
/// the body goes before one in the query.
///
/// # Errors
/// See [`Error`].
pub fn parse<T: DeserializeOwned>(body: &[u8], query: &str) -> Result<T, Error> {
    let body = std::str::from_utf8(body).map_err(|e| Error::NotJson(format!("the body is not UTF-8: {e}")))?;
    let mut fields = if body.trim_start().starts_with('{') {
        serde_json::from_str(body).map_err(|e| Error::NotJson(format!("the body is not JSON: {e}")))?
    } else {
        form(body)
    };
    fields.retain(|_, value| !value.is_null() && value != "");
    for (name, value) in form(query) {
        fields.entry(name).or_insert(value);
    }
    parse_fields(fields)
}

/// The fields of a form. Of one that comes twice the first counts, but for ids, which are taken together.
fn form(text: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if value.is_empty() {
            continue;
        }
        match fields.get_mut(&*name) {
            None => drop(fields.insert(name.into_owned(), value.into_owned().into())),
            Some(Value::String(ids)) if name == MEMBERS => {
                ids.push(BETWEEN);
                ids.push_str(&value);
            }
            Some(_) => {}
        }
    }
    fields
}

/// Ids with colons between them, each once, in the order in which they came. JSON may have them in a list, too.
#[derive(Clone, Debug, Default)]
pub struct Ids(pub Vec<String>);

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = match Value::deserialize(deserializer)? {
            Value::Array(several) => several,
            one => vec![one],
        };
        let (mut ids, mut seen) = (Vec::new(), HashSet::new());
        for some in given {
            let some = match some {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                _ => return Err(D::Error::custom("must be ids with colons between them")),
            };
            for id in some.split(BETWEEN).filter(|id| !id.is_empty()) {
                if id.chars().count() > 128 || id.contains(char::is_control) {
                    return Err(D::Error::custom("an id has at most 128 characters, none of them a control character"));
                }
                if seen.insert(id.to_owned()) {
                    ids.push(id.to_owned());
                }
            }
        }
        if ids.len() > IDS_AT_MOST {
            return Err(D::Error::custom(format!("are {}, more than {IDS_AT_MOST}", ids.len())));
        }
        Ok(Self(ids))
    }
}

impl Serialize for Ids {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.join(&BETWEEN.to_string()))
    }
}

/// A part of what is signed. With a colon in it, what is signed could be read in two ways.
#[derive(Clone, Debug, Serialize)]
pub struct Part(pub String);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if (1..=128).contains(&text.chars().count()) && !text.contains(|c: char| c.is_control() || c == BETWEEN) {
            Ok(Self(text))
        } else {
            Err(D::Error::custom("an id has 1 to 128 characters, none of them a colon or a control character"))
        }
    }
}

/// An id that is a number where it can be one, as in the document, and else a text.
#[derive(Clone, Debug)]
pub struct Identity(pub String);

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<u32>() {
            // Not 007, which is another id than 7.
            Ok(number) if number.to_string() == self.0 => serializer.serialize_u32(number),
            _ => serializer.serialize_str(&self.0),
        }
    }
}
