//! The documents of an enterprise: finding one, what became of its conversion, its pages, and its end.

mod change;
mod list;
mod one;
mod state;

use actix_web::web::{self, ServiceConfig};

/// Adds the paths. The id is in the query, as that of a user is.
pub(super) fn configure(config: &mut ServiceConfig) {
    const LIST: &str = "/e/{sdkappid:\\d{1,18}}/documents";
    config
        .route(LIST, web::get().to(list::list))
        .route(&format!("{LIST}/one"), web::get().to(one::one))
        .route(&format!("{LIST}/convert"), web::post().to(change::convert))
        .route(&format!("{LIST}/delete"), web::post().to(change::delete));
}
