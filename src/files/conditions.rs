//! What a request says of what its sender has already (RFC 9110, sections 13 and 14).

use std::ops::Range;
use std::time::{Duration, SystemTime};

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, ByteRangeSpec, EntityTag, Header, IfModifiedSince, IfNoneMatch, IfRange};

use crate::storage::Stored;

/// What tells one content of a file from another.
pub struct Validators {
    /// Strong: it is of the bytes.
    pub etag: EntityTag,
    /// To the second, as it is told.
    pub last_modified: SystemTime,
}

/// How much of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// These bytes.
    Range(Range<u64>),
    /// Bytes that it does not have.
    None,
}

impl Validators {
    /// Those of a stored file.
    pub fn of(stored: &Stored) -> Self {
        let seconds = u64::try_from(stored.last_modified / 1000).unwrap_or(0);
        // What is not allowed in an entity tag is in none that a storage makes.
        let tag = stored.etag.chars().filter(char::is_ascii_graphic).collect();
        Self { etag: EntityTag::new_strong(tag), last_modified: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) }
    }
}

/// Whether the sender has the file as it is.
pub fn has_it_already(request: &HttpRequest, file: &Validators) -> bool {
    if request.headers().contains_key(header::IF_NONE_MATCH) {
        return match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&file.etag)),
            Err(_) => false,
        };
    }
    let since = IfModifiedSince::parse(request);
    request.headers().contains_key(header::IF_MODIFIED_SINCE)
        && since.is_ok_and(|since| file.last_modified <= SystemTime::from(since.0))
}

/// How much is asked for. Several ranges at once are answered with the whole, as is allowed: nobody who reads documents asks
/// for them.
pub fn part(request: &HttpRequest, file: &Validators, size: u64) -> Part {
    if request.method() != Method::GET || !has_the_rest_of_it(request, file) {
        return Part::Whole;
    }
    let Ok(header::Range::Bytes(asked)) = header::Range::parse(request) else { return Part::Whole };
    let [asked] = asked.as_slice() else { return Part::Whole };
    if matches!(asked, ByteRangeSpec::FromTo(first, last) if first > last) {
        return Part::Whole;
    }
    match asked.to_satisfiable_range(size) {
        Some((first, last)) => Part::Range(first..last.saturating_add(1)),
        None => Part::None,
    }
}

/// Whether what the sender has a part of is the file as it is now.
fn has_the_rest_of_it(request: &HttpRequest, file: &Validators) -> bool {
    if !request.headers().contains_key(header::IF_RANGE) {
        return true;
    }
    match IfRange::parse(request) {
        Ok(IfRange::EntityTag(tag)) => tag.strong_eq(&file.etag),
        Ok(IfRange::Date(date)) => SystemTime::from(date) == file.last_modified,
        Err(_) => false,
    }
}
