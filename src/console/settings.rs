//! The settings of an enterprise: its name, its callbacks, its protocols, its keys, and its end.

mod delete;
mod form;
mod keys;
mod show;

use actix_web::web::{self, ServiceConfig};

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    const SETTINGS: &str = "/e/{sdkappid:\\d{1,18}}/settings";
    config
        .route(SETTINGS, web::get().to(show::show))
        .route(SETTINGS, web::post().to(form::change))
        .route(&format!("{SETTINGS}/protocols"), web::post().to(form::change_protocols))
        .route(&format!("{SETTINGS}/keys/{{key}}"), web::post().to(keys::rotate))
        .route(&format!("{SETTINGS}/delete"), web::post().to(delete::delete));
}
