//! The deliveries of an enterprise: why they failed, each with its attempts, and what can be done about them.

mod change;
mod filter;
mod list;
mod one;
mod replay;
mod row;

use actix_web::web::{self, ServiceConfig};

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    const LIST: &str = "/e/{sdkappid:\\d{1,18}}/deliveries";
    config
        .route(LIST, web::get().to(list::list))
        .route(&format!("{LIST}/pause"), web::post().to(change::pause))
        .route(&format!("{LIST}/resume"), web::post().to(change::resume))
        .route(&format!("{LIST}/test"), web::post().to(change::test))
        .route(&format!("{LIST}/replay"), web::get().to(replay::confirm))
        .route(&format!("{LIST}/replay"), web::post().to(replay::all))
        .route(&format!("{LIST}/{{delivery_id:\\d{{1,18}}}}"), web::get().to(one::one))
        .route(&format!("{LIST}/{{delivery_id:\\d{{1,18}}}}/replay"), web::post().to(replay::one));
}
