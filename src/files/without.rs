//! Answers without a file: refusals, failures, and to browsers that ask whether they may read one.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, CacheControl, CacheDirective};
use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::domain;

/// Answers the CORS preflight that a browser sends before a page of another origin reads a range.
pub(super) async fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "Range, If-Range, If-None-Match, If-Modified-Since"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}

/// The database failed.
pub(super) fn fail(problem: &domain::Error) -> HttpResponse {
    log::error!("looking up a file in the database failed: {problem}");
    refuse(StatusCode::SERVICE_UNAVAILABLE)
}

/// A refusal, which nobody may cache.
pub(super) fn refuse(status: StatusCode) -> HttpResponse {
    let mut response: HttpResponseBuilder = HttpResponse::build(status);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.insert_header((header::ALLOW, "GET, HEAD, OPTIONS"));
    }
    response
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .content_type(header::ContentType::plaintext())
        .body(status.canonical_reason().unwrap_or_default())
}
