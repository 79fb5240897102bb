//! Trying out calls: a person of the enterprise chooses one and edits its body. It is signed here, so that the key stays here, and
//! sent to this service over a connection, like any other call.

mod describe;
mod known;
mod send;
mod show;

use actix_web::web::{self, ServiceConfig};

pub use known::{Calls, How};

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    const CALLS: &str = "/e/{sdkappid:\\d{1,18}}/calls";
    config.route(CALLS, web::get().to(show::show)).route(CALLS, web::post().to(send::send));
}
