//! The users of an enterprise: finding one, where they are, their password, and their end.

mod change;
mod list;
mod one;

use actix_web::web::{self, ServiceConfig};

/// Adds the paths. The id of a user may have any characters, so that it is in the query.
pub(super) fn configure(config: &mut ServiceConfig) {
    const LIST: &str = "/e/{sdkappid:\\d{1,18}}/users";
    config
        .route(LIST, web::get().to(list::list))
        .route(&format!("{LIST}/one"), web::get().to(one::one))
        .route(&format!("{LIST}/password"), web::post().to(change::set_password))
        .route(&format!("{LIST}/delete"), web::post().to(change::delete));
}
