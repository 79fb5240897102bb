//! `/saas/v1`: the calls of a classroom component (a page in a browser or a program) that is signed in as one user.
//!
//! Most calls do the same as their counterparts in `/paas/v1` and share the types there. This module adds the permissions.

pub(super) mod attendance;
pub mod auth;
pub(super) mod board;
mod calls;
pub mod channel;
pub(super) mod chapters;
pub(super) mod check_in;
pub(super) mod class;
pub(super) mod courseware;
pub(super) mod document;
mod file_body;
pub(super) mod heartbeat;
mod held_token;
pub(super) mod imstorage;
mod link;
pub(super) mod local_record;
pub(super) mod media;
pub(super) mod member;
pub(super) mod question;
pub(super) mod record;
pub(super) mod report;
pub(super) mod sign_in;
pub(super) mod timer;
pub(super) mod upload;
pub(super) mod user;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

use super::error;
use crate::http::cors::any_origin;
use calls::Calls;

/// The path of the component calls.
pub const SCOPE: &str = "/saas/v1";

/// Mounts the calls.
pub fn configure(config: &mut ServiceConfig) {
    let mut calls = Calls::default();
    user::add_to(&mut calls);
    class::add_to(&mut calls);
    member::add_to(&mut calls);
    document::add_to(&mut calls);
    courseware::add_to(&mut calls);
    attendance::add_to(&mut calls);
    imstorage::add_to(&mut calls);
    report::add_to(&mut calls);
    question::add_to(&mut calls);
    check_in::add_to(&mut calls);
    board::add_to(&mut calls);
    timer::add_to(&mut calls);
    media::add_to(&mut calls);
    record::add_to(&mut calls);
    chapters::add_to(&mut calls);
    let mut table = None;
    let signed_in = web::scope("")
        .wrap(from_fn(auth::identify))
        .configure(|config| table = Some(calls.mount(config)))
        .default_service(web::to(error::no_such_call));
    let calls = web::scope(SCOPE)
        .configure(|config| {
            if let Some(table) = table {
                config.app_data(table);
            }
        })
        .wrap(any_origin().allowed_methods(["POST"]))
        .configure(sign_in::configure)
        .configure(heartbeat::configure)
        .configure(channel::configure)
        .configure(upload::configure)
        .configure(imstorage::upload::configure)
        .configure(local_record::configure)
        .service(signed_in);
    let older = web::scope(heartbeat::OLDER_SCOPE)
        .wrap(from_fn(auth::receive))
        .wrap(any_origin().allowed_methods(["POST"]))
        .configure(heartbeat::configure_older);
    config.service(calls).service(older);
}
