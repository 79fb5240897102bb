//! Conditional and range requests (RFC 9110, sections 13 and 14).

use std::ops::Range;
use std::time::{Duration, SystemTime};

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, ByteRangeSpec, EntityTag, Header, IfModifiedSince, IfNoneMatch, IfRange};

use crate::storage::Stored;

/// The validators of a stored file.
pub struct Validators {
    /// A strong entity tag: it changes with the bytes.
    pub etag: EntityTag,
    /// Whole seconds, as in the `Last-Modified` header.
    pub last_modified: SystemTime,
}

/// The part of a file that a request selects.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole file.
    Whole,
    /// These bytes.
    Range(Range<u64>),
    /// The range lies outside the file.
    None,
}

impl Validators {
    /// The validators of a stored file.
    pub fn of(stored: &Stored) -> Self {
        let seconds = u64::try_from(stored.last_modified / 1000).unwrap_or(0);
        // An entity tag allows only visible ASCII. No storage uses anything else.
        let tag = stored.etag.chars().filter(char::is_ascii_graphic).collect();
        Self { etag: EntityTag::new_strong(tag), last_modified: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) }
    }
}

/// Whether the client's cached copy is current (`If-None-Match`, else `If-Modified-Since`).
pub fn is_not_modified(request: &HttpRequest, file: &Validators) -> bool {
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

/// The part that the request selects. A request for several ranges gets the whole file, which RFC 9110 allows; document
/// viewers do not send such requests.
pub fn part(request: &HttpRequest, file: &Validators, size: u64) -> Part {
    if request.method() != Method::GET || !if_range_holds(request, file) {
        return Part::Whole;
    }
    let Ok(header::Range::Bytes(ranges)) = header::Range::parse(request) else { return Part::Whole };
    let [range] = ranges.as_slice() else { return Part::Whole };
    if matches!(range, ByteRangeSpec::FromTo(first, last) if first > last) {
        return Part::Whole;
    }
    match range.to_satisfiable_range(size) {
        Some((first, last)) => Part::Range(first..last.saturating_add(1)),
        None => Part::None,
    }
}

/// Whether the part that the client already has belongs to the current file (`If-Range`).
fn if_range_holds(request: &HttpRequest, file: &Validators) -> bool {
    if !request.headers().contains_key(header::IF_RANGE) {
        return true;
    }
    match IfRange::parse(request) {
        Ok(IfRange::EntityTag(tag)) => tag.strong_eq(&file.etag),
        Ok(IfRange::Date(date)) => SystemTime::from(date) == file.last_modified,
        Err(_) => false,
    }
}
