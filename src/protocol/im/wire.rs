//! The value types of IM. Fields come as a form, as JSON, or in the query.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::http::wire::parse_fields;
pub use crate::http::wire::{Error, Int, NumberOrText, Text};

/// The field that may be repeated in a form.
const MEMBERS: &str = "member_client_ids";
/// The separator of ids in a list, and of the parts of a signed text.
const SEPARATOR: char = ':';
/// The limit of ids in one call.
const MAX_IDS: usize = 10_000;

/// A non-negative integer.
pub type Natural = Int<0, { i64::MAX }>;

/// Parses the fields of a call. A body that starts with a brace is JSON, any other a form. Empty fields count as absent. A field
/// in the body has precedence over one in the query.
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

/// The fields of a form. Of a repeated field the first counts, except that repeated lists of ids are joined.
fn form(text: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if value.is_empty() {
            continue;
        }
        match fields.get_mut(&*name) {
            None => drop(fields.insert(name.into_owned(), value.into_owned().into())),
            Some(Value::String(ids)) if name == MEMBERS => {
                ids.push(SEPARATOR);
                ids.push_str(&value);
            }
            Some(_) => {}
        }
    }
    fields
}

/// A list of ids separated by colons, without duplicates, in the order sent. JSON may also have an array.
#[derive(Clone, Debug, Default)]
pub struct Ids(pub Vec<String>);

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = match Value::deserialize(deserializer)? {
            Value::Array(values) => values,
            value => vec![value],
        };
        let (mut ids, mut seen) = (Vec::new(), HashSet::new());
        for value in given {
            let text = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                _ => return Err(D::Error::custom("must be ids with colons between them")),
            };
            for id in text.split(SEPARATOR).filter(|id| !id.is_empty()) {
                if id.chars().count() > 128 || id.contains(char::is_control) {
                    return Err(D::Error::custom("an id has at most 128 characters, none of them a control character"));
                }
                if seen.insert(id.to_owned()) {
                    ids.push(id.to_owned());
                }
            }
        }
        if ids.len() > MAX_IDS {
            return Err(D::Error::custom(format!("are {}, more than {MAX_IDS}", ids.len())));
        }
        Ok(Self(ids))
    }
}

impl Serialize for Ids {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.join(&SEPARATOR.to_string()))
    }
}

/// A part of a signed text. It must not contain a colon, because the signed text would then be ambiguous.
#[derive(Clone, Debug, Serialize)]
pub struct Part(pub String);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if (1..=128).contains(&text.chars().count()) && !text.contains(|c: char| c.is_control() || c == SEPARATOR) {
            Ok(Self(text))
        } else {
            Err(D::Error::custom("an id has 1 to 128 characters, none of them a colon or a control character"))
        }
    }
}

/// The id of a conversation. Clients send it as a string or as an integer.
pub type ConversationId = NumberOrText<1, 128>;

/// An id that is written as a number if it is one, as in the protocol's document, and else as a string.
#[derive(Clone, Debug)]
pub struct Identity(pub String);

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<u32>() {
            // 007 stays a string: it is a different id than 7.
            Ok(number) if number.to_string() == self.0 => serializer.serialize_u32(number),
            _ => serializer.serialize_str(&self.0),
        }
    }
}

/// A schema of these types and this description, under this name.
macro_rules! described {
    ($type:ty, $name:literal, [$($kind:ident),+], $description:literal) => {
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let kinds = vec![$(Type::$kind),+];
                ObjectBuilder::new().schema_type(SchemaType::from_iter(kinds)).description(Some($description)).into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    };
}

described!(Ids, "ImIds", [String, Integer, Array], "Ids with colons between them; in JSON also an array of ids");
described!(Part, "ImPart", [String], "1 to 128 characters, none of them a colon or a control character");
described!(Identity, "ImIdentity", [Integer, String], "An id: a number, or a text");
