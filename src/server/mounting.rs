//! Mounts the protocols and the description of their calls.

use std::sync::Arc;

use actix_web::dev::HttpServiceFactory;
use actix_web::web::ServiceConfig;

use crate::http::request_meter::ProtocolOf;
use crate::protocol;
use crate::protocol::Protocol;

/// Mounts the protocols and the description. The last protocol takes any path with a certain query, and so comes after the
/// description. Every path begins like the scope of the description, so that the pattern of a call that a middleware refused
/// is only found before it: the other protocols come first.
pub(super) fn mount(
    config: &mut ServiceConfig,
    protocols: &[Arc<dyn Protocol>],
    docs: impl HttpServiceFactory + 'static,
) {
    let Some((last, others)) = protocols.split_last() else { return };
    for protocol in others {
        protocol.mount(config);
    }
    config.service(docs);
    last.mount(config);
}

/// The name of the protocol that has a path; `service` for what belongs to none.
pub(super) fn name_of_path(protocols: Vec<Arc<dyn Protocol>>) -> ProtocolOf {
    Box::new(move |path| protocol::of_path(&protocols, path).map_or("service", |protocol| protocol.name()))
}
