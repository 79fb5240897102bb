//! iClass: `/paas/v1`, what the back end of an enterprise calls, signed with its `tic_key`, and `/saas/v1`, what the components
//! in its classrooms call, signed in with a token.

mod attendance;
mod auth;
mod avatar;
mod business;
mod callback;
mod class;
mod component;
mod courseware;
mod document;
mod entry;
mod error;
mod event;
mod imstorage;
mod member;
mod openapi;
mod reply;
pub mod sign;
mod transcode;
mod upload;
mod user;
mod wire;

use actix_cors::Cors;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

pub use callback::Callback;
pub use event::{show_delivery, show_delivery_row};
pub use openapi::openapi;

/// Where the signed calls are.
const SCOPE: &str = "/paas/v1";

/// Mounts the protocol.
pub fn configure(config: &mut ServiceConfig) {
    let calls = web::scope(SCOPE)
        .wrap(from_fn(auth::authenticate))
        .wrap(cors())
        .configure(class::configure)
        .configure(attendance::configure)
        .configure(courseware::configure)
        .configure(user::configure)
        .configure(document::configure)
        .configure(business::configure)
        .configure(member::configure)
        .configure(event::configure)
        .configure(imstorage::configure)
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
        .allowed_headers([header::CONTENT_TYPE.as_str(), class::IDEMPOTENCY_KEY])
        .max_age(86_400)
}
