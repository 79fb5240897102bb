//! Which pages in browsers may call.

use actix_cors::Cors;
use actix_web::HttpResponse;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue};

/// How long a browser may remember the answer to its preflight request, in seconds.
const REMEMBERED: usize = 86_400;

/// Lets a page of any origin read a response that no [`any_origin`] has passed: the refusal of a path without a call.
pub fn readable(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// Pages of any origin may call, with any header that their libraries add. Tokens and signatures authenticate calls, and
/// cookies are never looked at. A protocol limits the methods and headers further.
pub fn any_origin() -> Cors {
    Cors::default().allow_any_origin().send_wildcard().allow_any_header().max_age(REMEMBERED)
}
