//! iClass: `/paas/v1`, what the back end of an enterprise calls, signed with its `tic_key`, and `/saas/v1`, what the components
//! in its classrooms call, signed in with a token.

mod auth;
mod avatar;
mod backend;
mod callback;
mod component;
mod conversion;
mod entry;
mod error;
mod openapi;
mod reply;
pub mod sign;
mod transcode;
mod upload;
mod wire;

use actix_cors::Cors;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

pub use backend::event::{show_delivery, show_delivery_row};
pub use callback::Callback;
pub use component::report::reported;
pub use conversion::conversion_code;
pub use openapi::openapi;

/// Where the signed calls are.
const SCOPE: &str = "/paas/v1";

/// Mounts the protocol.
pub fn configure(config: &mut ServiceConfig) {
    let calls = web::scope(SCOPE)
        .wrap(from_fn(auth::authenticate))
        .wrap(cors())
        .configure(backend::class::configure)
        .configure(backend::attendance::configure)
        .configure(backend::courseware::configure)
        .configure(backend::user::configure)
        .configure(backend::document::configure)
        .configure(backend::business::configure)
        .configure(backend::member::configure)
        .configure(backend::event::configure)
        .configure(backend::imstorage::configure)
        .default_service(web::to(error::no_such_call));
    config
        .configure(upload::configure)
        .service(calls)
        .configure(transcode::configure)
        .configure(component::configure)
        .service(avatar::avatar)
        .service(entry::entry);
}

/// Pages of any origin may call: what counts is the signature, and no cookie is ever looked at.
fn cors() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods(["POST"])
        .allowed_headers([header::CONTENT_TYPE.as_str(), backend::class::IDEMPOTENCY_KEY])
        .max_age(86_400)
}
