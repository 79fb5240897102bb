//! The value types of iClass, with their ranges.

use serde::de::DeserializeOwned;

use super::error::{ApiError, Code};
use crate::clock::{Millis, millis};
use crate::http::wire;
pub use crate::http::wire::{Int, NumberOrText, Record, Text};
use crate::store::{Page, Start};

/// The latest time: the last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;
/// The largest page, in rows.
const PAGE: i64 = 100;

/// Parses a body. An empty body counts as `{}`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    wire::parse(body).map_err(|e| match e {
        wire::Error::NotJson(problem) => ApiError::new(Code::NotJson, problem),
        wire::Error::Invalid(problem) => ApiError::invalid(problem),
    })
}

/// A boolean on the wire: 0 or 1.
pub type Flag = Int<0, 1>;
/// A count that fits the 32-bit integers of clients.
pub type Count = Int<0, 2_147_483_647>;
/// A non-negative integer.
pub type Natural = Int<0, { i64::MAX }>;
/// A time in seconds since the epoch.
pub type Time = Int<0, LAST_SECOND>;
/// The size of a page. More than 100 counts as 100.
pub type Size = Int<1, { i64::MAX }>;

impl Time {
    /// The time in milliseconds.
    #[must_use]
    pub fn millis(self) -> Millis {
        millis(self.0)
    }
}

/// The cursor of a page: the `next` of the page before, or an empty string for the first page.
pub type After = Text<0, 20>;

/// The requested page, by offset or by cursor.
pub fn page(index: Option<Natural>, size: Option<Size>, after: Option<After>) -> Result<Page, ApiError> {
    let size = size.map_or(PAGE, |size| size.0.min(PAGE));
    let index = index.map_or(0, |index| index.0);
    let start = match after {
        None => Start::Index(index),
        Some(_) if index > 0 => return Err(ApiError::invalid("after: not together with index")),
        Some(Text(after)) if after.is_empty() => Start::After(None),
        Some(Text(after)) => {
            let id = after.parse().map_err(|_| ApiError::invalid("after: must be what next said, or empty"))?;
            Start::After(Some(id))
        }
    };
    Ok(Page { start, size })
}

/// The id of a user.
pub type UserId = Text<1, 128>;
/// The id of a user, or an empty string.
pub type MaybeUserId = Text<0, 128>;
/// The id of a user to look for, or an empty string. A back end that also calls NiuClass has numbers.
pub type SoughtUserId = NumberOrText<0, 128>;
/// A display name.
pub type Name = Text<0, 128>;
/// The password of a class.
pub type ClassPassword = Text<0, 64>;
/// A URL.
pub type Url = Text<0, 2048>;
/// A ticket from another service.
pub type Ticket = Text<0, 4096>;

/// The string of an optional field.
pub fn text<const MIN: usize, const MAX: usize>(text: Option<Text<MIN, MAX>>) -> Option<String> {
    text.map(|text| text.0)
}

/// The flag of an optional field.
pub fn flag(flag: Option<Flag>) -> Option<bool> {
    flag.map(|flag| flag.0 == 1)
}

/// The number of an optional field.
pub fn int<const MIN: i64, const MAX: i64>(int: Option<Int<MIN, MAX>>) -> Option<i64> {
    int.map(|int| int.0)
}
