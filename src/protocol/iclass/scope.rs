//! Where the signed calls are, and which pages may call them.

use actix_cors::Cors;
use actix_web::http::header;

use super::backend::class::IDEMPOTENCY_KEY;

/// Where the signed calls are.
pub const SCOPE: &str = "/paas/v1";

/// Pages of any origin may call: what counts is the signature, and no cookie is ever looked at.
pub fn cors() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods(["POST"])
        .allowed_headers([header::CONTENT_TYPE.as_str(), IDEMPOTENCY_KEY])
        .max_age(86_400)
}
