//! How values arrive: as every protocol's, in the ranges of this one.

use serde::de::DeserializeOwned;

use super::error::{ApiError, Code};
use crate::clock::{Millis, millis};
use crate::http::wire;
pub use crate::http::wire::{Int, Record, Text};
use crate::store::{Page, Start};

/// The last second of the year 9999: what a time may be at most.
const LAST_SECOND: i64 = 253_402_300_799;
/// The most rows that one call returns.
const PAGE: i64 = 100;

/// Parses a body; none at all is `{}`. A wrong type or value is told with the path to it.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    wire::parse(body).map_err(|e| match e {
        wire::Error::NotJson(problem) => ApiError::new(Code::NotJson, problem),
        wire::Error::Invalid(problem) => ApiError::invalid(problem),
    })
}

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
    #[must_use]
    pub fn millis(self) -> Millis {
        millis(self.0)
    }
}

/// Where a page begins: what `next` said in the page before, or an empty text for the first page.
pub type After = Text<0, 20>;

/// The page that is asked for: after so many rows, or after the page before.
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
