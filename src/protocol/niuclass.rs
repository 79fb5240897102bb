//! NiuClass: `/login` and `/api`, what a channel partner calls to manage organizations, their members and their courses.

mod auth;
mod callback;
mod course;
mod delivery;
mod error;
mod login;
mod member;
mod organization;
mod reply;
mod token;
mod user;
mod wire;

use actix_web::middleware::from_fn;
use actix_web::web::{self, PathConfig, ServiceConfig};

use error::ApiError;

pub use callback::Callback;
pub use delivery::{show_delivery, show_delivery_row};

/// Mounts the protocol.
pub fn configure(config: &mut ServiceConfig) {
    // What is no id is the id of nothing.
    let paths = PathConfig::default().error_handler(|_, request| ApiError::no_such_call(request.path()).into());
    let calls = web::scope("/api")
        .app_data(paths)
        .wrap(from_fn(auth::authenticate))
        .configure(user::configure)
        .configure(organization::configure)
        .configure(member::configure)
        .configure(course::configure)
        .default_service(web::to(error::no_such_call));
    config.configure(login::configure).service(calls);
}
