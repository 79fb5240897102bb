//! The value types of NiuClass.

use chrono::{NaiveDate, NaiveTime, Timelike};
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::{Millis, millis};
use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

pub use crate::http::wire::{Int, Record, Text};

/// The latest time: the last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;
/// The protocol's time zone: seconds ahead of UTC.
const UTC_OFFSET: i64 = 8 * 3_600;

/// A non-negative integer.
pub type Natural = Int<0, { i64::MAX }>;
/// A time in seconds since the epoch.
pub type Seconds = Int<0, LAST_SECOND>;
/// A display name.
pub type Name = Text<1, 128>;
/// A display name, or an empty string.
pub type MaybeName = Text<0, 128>;
/// A URL, or a key that the client resolves by itself.
pub type Address = Text<0, 2048>;

/// The string of an optional field.
pub fn text<const MIN: usize, const MAX: usize>(text: Option<Text<MIN, MAX>>) -> Option<String> {
    text.map(|text| text.0)
}

/// A text of `MIN` to `MAX` characters. Line breaks and tabs are allowed.
#[derive(Clone, Debug)]
pub struct Prose<const MIN: usize, const MAX: usize>(pub String);

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Prose<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.chars().count();
        if length < MIN {
            Err(D::Error::custom("must not be empty"))
        } else if length > MAX {
            Err(D::Error::custom(format!("has {length} characters, more than {MAX}")))
        } else if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            Err(D::Error::custom("has a control character"))
        } else {
            Ok(Self(text))
        }
    }
}

/// A description.
pub type About = Prose<0, 4096>;

/// The string of an optional field.
pub fn prose<const MIN: usize, const MAX: usize>(text: Option<Prose<MIN, MAX>>) -> Option<String> {
    text.map(|text| text.0)
}

/// The id of a user. It is written as a number if it is one, as in the protocol's document, and else as a string. Requests may
/// have either form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserId(pub String);

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = deserializer.deserialize_any(UserIdVisitor)?;
        if (1..=128).contains(&id.chars().count()) && !id.contains(char::is_control) {
            Ok(Self(id))
        } else {
            Err(D::Error::custom("must have 1 to 128 characters, none of them a control character"))
        }
    }
}

struct UserIdVisitor;

impl Visitor<'_> for UserIdVisitor {
    type Value = String;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the id of a user")
    }

    fn visit_i64<E>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.parse::<u32>() {
            // 007 stays a string: it is a different id than 7.
            Ok(number) if number.to_string() == self.0 => serializer.serialize_u32(number),
            _ => serializer.serialize_str(&self.0),
        }
    }
}

/// A day: seconds since the epoch (a number or a string), or a date.
#[derive(Clone, Copy, Debug)]
pub struct Day(pub Millis);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let UserId(given) = UserId::deserialize(deserializer)?;
        let of_date = || {
            let midnight = given.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc().timestamp();
            Some(midnight - UTC_OFFSET)
        };
        let second = given.parse().ok().or_else(of_date).filter(|second| (0..=LAST_SECOND).contains(second));
        let second = second.ok_or_else(|| D::Error::custom("must be seconds since the epoch, or like 2019-02-22"))?;
        Ok(Self(millis(second)))
    }
}

/// A time of day in minutes after midnight, like `10:22` on the wire.
#[derive(Clone, Copy, Debug)]
pub struct TimeOfDay(pub i64);

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| D::Error::custom("must be like 10:22"))?;
        Ok(Self(i64::from(time.num_seconds_from_midnight() / 60)))
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<const MIN: usize, const MAX: usize> PartialSchema for Prose<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(MIN)).max_length(Some(MAX)).into()
    }
}

impl<const MIN: usize, const MAX: usize> ToSchema for Prose<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        format!("Prose_{MIN}_{MAX}").into()
    }
}

/// A schema of this type and description, under this name.
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

described!(UserId, "NiuclassUserId", [Integer, String], "The id of a user: a number, or a text of 1 to 128 characters");
described!(Day, "NiuclassDay", [Integer, String], "Seconds since the epoch, or a date such as 2019-02-22");
described!(TimeOfDay, "NiuclassTimeOfDay", [String], "A time of day such as 10:22");
