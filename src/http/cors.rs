//! Which pages in browsers may call.

use actix_cors::Cors;

/// How long a browser may remember the answer to its preflight request, in seconds.
const REMEMBERED: usize = 86_400;

/// Pages of any origin may call, with any header that their libraries add. Tokens and signatures authenticate calls, and
/// cookies are never looked at. A protocol limits the methods and headers further.
pub fn any_origin() -> Cors {
    Cors::default().allow_any_origin().send_wildcard().allow_any_header().max_age(REMEMBERED)
}
