//! Parsing of JSON and query parameters for all protocols, into types that hold only valid values. Real clients need some
//! tolerance: an integer may be a decimal string, `null` means absent for an optional field, unknown fields are ignored.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// Why a body could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not JSON.
    #[error("{0}")]
    NotJson(String),
    /// A value has the wrong type or is out of range. The message names its path.
    #[error("{0}")]
    Invalid(String),
}

/// Parses a body. An empty body counts as `{}`.
///
/// # Errors
/// See [`Error`].
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    // The whole body must be UTF-8, also the fields that are ignored.
    let body = std::str::from_utf8(body).map_err(|e| Error::NotJson(format!("the body is not UTF-8: {e}")))?;
    let body = if body.is_empty() { "{}" } else { body };
    // Tracking the path is slower, so it is done only after a failure.
    serde_json::from_str(body).or_else(|_| explain(body)).map(|Record(fields)| fields)
}

fn explain<T: DeserializeOwned>(body: &str) -> Result<Record<T>, Error> {
    let value: serde_json::Value =
        serde_json::from_str(body).map_err(|e| Error::NotJson(format!("the body is not JSON: {e}")))?;
    if !value.is_object() {
        return Err(Error::Invalid("the body must be a JSON object".into()));
    }
    from_value(value)
}

fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<Record<T>, Error> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let path = e.path().to_string();
        let problem = e.into_inner().to_string();
        Error::Invalid(if path == "." { problem } else { format!("{path}: {problem}") })
    })
}

/// Accepts only a JSON object. Serde alone would also read a struct from an array of its values.
pub struct Record<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Record<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor(PhantomData)).map(Self)
    }
}

struct RecordVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for RecordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// An integer from `MIN` to `MAX`, also accepted as a decimal string.
#[derive(Clone, Copy, Debug)]
pub struct Int<const MIN: i64, const MAX: i64>(pub i64);

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Int<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(IntVisitor)?;
        if (MIN..=MAX).contains(&number) {
            Ok(Self(number))
        } else {
            Err(D::Error::custom(format!("{number} is not from {MIN} to {MAX}")))
        }
    }
}

struct IntVisitor;

impl Visitor<'_> for IntVisitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(|_| E::custom(format!("{number} is too large")))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<i64, E> {
        text.parse().map_err(|_| E::custom("the text is not an integer"))
    }
}

/// A string of `MIN` to `MAX` characters without control characters.
#[derive(Clone, Debug, Serialize)]
pub struct Text<const MIN: usize, const MAX: usize>(pub String);

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::checked(String::deserialize(deserializer)?)
    }
}

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    fn checked<E: serde::de::Error>(text: String) -> Result<Self, E> {
        let length = text.chars().count();
        if length < MIN {
            return Err(E::custom(if MIN == 1 {
                "must not be empty".into()
            } else {
                format!("has fewer than {MIN} characters")
            }));
        }
        if length > MAX {
            return Err(E::custom(format!("has {length} characters, more than {MAX}")));
        }
        if text.contains(char::is_control) {
            return Err(E::custom("has a control character"));
        }
        Ok(Self(text))
    }
}

/// An id that is a string, for which some clients send a non-negative integer. It is written as it was sent.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum NumberOrText<const MIN: usize, const MAX: usize> {
    /// An integer, which stands for its decimal digits.
    Number(u64),
    /// A string.
    Text(Text<MIN, MAX>),
}

impl<const MIN: usize, const MAX: usize> NumberOrText<MIN, MAX> {
    /// The id.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.0.clone(),
        }
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for NumberOrText<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrTextVisitor)
    }
}

struct NumberOrTextVisitor<const MIN: usize, const MAX: usize>;

impl<const MIN: usize, const MAX: usize> Visitor<'_> for NumberOrTextVisitor<MIN, MAX> {
    type Value = NumberOrText<MIN, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an integer that is not negative")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(NumberOrText::Number(number))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Text::checked(text.to_owned()).map(NumberOrText::Text)
    }
}

impl<const MIN: i64, const MAX: i64> PartialSchema for Int<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        let mut schema =
            ObjectBuilder::new().schema_type(Type::Integer).format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
        if MIN > i64::MIN {
            schema = schema.minimum(Some(MIN));
        }
        if MAX < i64::MAX {
            schema = schema.maximum(Some(MAX));
        }
        schema.into()
    }
}

impl<const MIN: i64, const MAX: i64> ToSchema for Int<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        if MAX == i64::MAX { format!("Integer_from_{MIN}").into() } else { format!("Integer_{MIN}_{MAX}").into() }
    }
}

impl<const MIN: usize, const MAX: usize> PartialSchema for Text<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(MIN)).max_length(Some(MAX)).into()
    }
}

impl<const MIN: usize, const MAX: usize> ToSchema for Text<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        format!("Text_{MIN}_{MAX}").into()
    }
}

impl<const MIN: usize, const MAX: usize> PartialSchema for NumberOrText<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        let kinds = SchemaType::from_iter([Type::Integer, Type::String]);
        ObjectBuilder::new().schema_type(kinds).min_length(Some(MIN)).max_length(Some(MAX)).into()
    }
}

impl<const MIN: usize, const MAX: usize> ToSchema for NumberOrText<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        format!("Number_or_text_{MIN}_{MAX}").into()
    }
}

/// Parses a query string. Empty parameters are ignored; of a repeated parameter the first counts.
///
/// # Errors
/// [`Error::Invalid`].
pub fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let mut fields = serde_json::Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if !value.is_empty() {
            fields.entry(name).or_insert_with(|| value.into_owned().into());
        }
    }
    parse_fields(fields)
}

/// Parses fields that the caller has already collected, from a form for example.
///
/// # Errors
/// [`Error::Invalid`].
pub fn parse_fields<T: DeserializeOwned>(fields: serde_json::Map<String, serde_json::Value>) -> Result<T, Error> {
    from_value(fields.into()).map(|Record(fields)| fields)
}
