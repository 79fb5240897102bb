//! `/saas/v1`: the calls of a classroom component (a page in a browser or a program) that is signed in as one user.
//!
//! Most calls do the same as their counterparts in `/paas/v1` and share the types there. This module adds the permissions.

pub mod auth;
pub(super) mod check_in;
pub(super) mod class;
pub(super) mod document;
pub(super) mod heartbeat;
pub(super) mod imstorage;
pub(super) mod member;
pub(super) mod question;
pub(super) mod report;
pub(super) mod sign_in;
pub(super) mod user;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

use super::error;
use crate::http::cors::any_origin;

/// The path of the component calls.
pub const SCOPE: &str = "/saas/v1";

/// Mounts the calls.
pub fn configure(config: &mut ServiceConfig) {
    let signed_in = web::scope("")
        .wrap(from_fn(auth::identify))
        .configure(user::configure)
        .configure(class::configure)
        .configure(member::configure)
        .configure(document::configure)
        .configure(imstorage::configure)
        .configure(report::configure)
        .configure(question::configure)
        .configure(check_in::configure)
        .default_service(web::to(error::no_such_call));
    let calls = web::scope(SCOPE)
        .wrap(any_origin().allowed_methods(["POST"]))
        .configure(sign_in::configure)
        .configure(heartbeat::configure)
        .service(signed_in);
    let older = web::scope(heartbeat::OLDER_SCOPE)
        .wrap(from_fn(auth::receive))
        .wrap(any_origin().allowed_methods(["POST"]))
        .configure(heartbeat::configure_older);
    config.service(calls).service(older);
}
