//! The classes of an enterprise: which go on, who is inside, and what happened in one.

mod asked;
mod compose;
mod end;
mod list;
mod one;
mod status;
mod timeline;

use actix_web::web::{self, ServiceConfig};

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    const LIST: &str = "/e/{sdkappid:\\d{1,18}}/classes";
    config
        .route(LIST, web::get().to(list::list))
        .route(&format!("{LIST}/{{class_id:\\d{{9}}}}"), web::get().to(one::one))
        .route(&format!("{LIST}/{{class_id:\\d{{9}}}}/end"), web::post().to(end::end))
        .route(&format!("{LIST}/{{class_id:\\d{{9}}}}/compose"), web::post().to(compose::compose));
}
