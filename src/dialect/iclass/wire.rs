//! How values arrive: parsed into types that can't hold what the protocol doesn't allow, and forgiving where real clients
//! need it. An integer may be a decimal string, `null` is absent where a field is optional, unknown fields are ignored.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::error::{Code, Refusal};
use crate::clock::{Millis, millis};
use crate::store::{Page, Start};

/// The last second of the year 9999: what a time may be at most.
const LAST_SECOND: i64 = 253_402_300_799;
/// The most rows that one call returns.
const PAGE: i64 = 100;

/// Parses a body; none at all is `{}`. A wrong type or value is told with the path to it.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // Looked at as a whole: what is ignored has to be text as well.
    let body =
        std::str::from_utf8(body).map_err(|e| Refusal::new(Code::NotJson, format!("the body is not UTF-8: {e}")))?;
    let body = if body.is_empty() { "{}" } else { body };
    // The path is worked out only for those who need it.
    serde_json::from_str(body).or_else(|_| explain(body)).map(|Record(fields)| fields)
}

fn explain<T: DeserializeOwned>(body: &str) -> Result<Record<T>, Refusal> {
    let value: serde_json::Value =
        serde_json::from_str(body).map_err(|e| Refusal::new(Code::NotJson, format!("the body is not JSON: {e}")))?;
    if !value.is_object() {
        return Err(Refusal::invalid("the body must be a JSON object"));
    }
    serde_path_to_error::deserialize(value).map_err(|e| {
        let path = e.path().to_string();
        let problem = e.into_inner().to_string();
        Refusal::invalid(if path == "." { problem } else { format!("{path}: {problem}") })
    })
}

/// What is an object on the wire. A struct alone would also be read from an array of its values.
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

/// An integer from `MIN` to `MAX`, which may arrive as a decimal string.
#[derive(Clone, Copy, Debug)]
pub struct Int<const MIN: i64, const MAX: i64>(pub i64);

/// 0 or 1.
pub type Switch = Int<0, 1>;
/// A count that begins at 0 and fits every client.
pub type Count = Int<0, 2_147_483_647>;
/// Any integer that is not negative.
pub type Natural = Int<0, { i64::MAX }>;
/// A time in seconds since the epoch.
pub type Time = Int<0, LAST_SECOND>;
/// The rows of a page; what is more than 100 is taken as 100.
pub type Size = Int<1, { i64::MAX }>;

impl Time {
    /// The time in our own unit.
    pub fn millis(self) -> Millis {
        millis(self.0)
    }
}

/// Where a page begins: what `next` said in the page before, or an empty text for the first page.
pub type After = Text<0, 20>;

/// The page that is asked for: after so many rows, or after the page before.
pub fn page(index: Option<Natural>, size: Option<Size>, after: Option<After>) -> Result<Page, Refusal> {
    let size = size.map_or(PAGE, |size| size.0.min(PAGE));
    let index = index.map_or(0, |index| index.0);
    let start = match after {
        None => Start::Index(index),
        Some(_) if index > 0 => return Err(Refusal::invalid("after: not together with index")),
        Some(Text(after)) if after.is_empty() => Start::After(None),
        Some(Text(after)) => {
            let id = after.parse().map_err(|_| Refusal::invalid("after: must be what next said, or empty"))?;
            Start::After(Some(id))
        }
    };
    Ok(Page { start, size })
}

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

/// A text of `MIN` to `MAX` characters, none of them a control character.
#[derive(Clone, Debug, Serialize)]
pub struct Text<const MIN: usize, const MAX: usize>(pub String);

/// The id of a user.
pub type UserId = Text<1, 128>;
/// The id of a user, or nothing.
pub type MaybeUserId = Text<0, 128>;
/// A name that people read.
pub type Name = Text<0, 128>;
/// An address.
pub type Url = Text<0, 2048>;
/// A ticket that another service made.
pub type Ticket = Text<0, 4096>;

/// The text itself, where there is one.
pub fn text<const MIN: usize, const MAX: usize>(text: Option<Text<MIN, MAX>>) -> Option<String> {
    text.map(|text| text.0)
}

/// The number itself, where there is one.
pub fn int<const MIN: i64, const MAX: i64>(int: Option<Int<MIN, MAX>>) -> Option<i64> {
    int.map(|int| int.0)
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.chars().count();
        if length < MIN {
            return Err(D::Error::custom(if MIN == 1 {
                "must not be empty".into()
            } else {
                format!("has fewer than {MIN} characters")
            }));
        }
        if length > MAX {
            return Err(D::Error::custom(format!("has {length} characters, more than {MAX}")));
        }
        if text.contains(char::is_control) {
            return Err(D::Error::custom("has a control character"));
        }
        Ok(Self(text))
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
