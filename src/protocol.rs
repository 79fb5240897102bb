//! The protocols, one folder each: routes, wire types and error codes over the same domain. None imports another.

mod contract;
pub mod iclass;
pub mod im;
pub mod niuclass;
pub mod suixinbo;

use std::sync::Arc;

use utoipa::openapi::OpenApi;

pub use contract::Protocol;

use crate::domain::chat::group::{Message, Notice};
use crate::state::AppState;
use crate::webhook::Formatters;

/// All protocols, in the order in which they are mounted. On the command line there is no service, and files have no addresses.
#[must_use]
pub fn all(service: Option<&Arc<AppState>>) -> Vec<Arc<dyn Protocol>> {
    vec![
        Arc::new(iclass::Iclass::new(service.cloned())),
        Arc::new(niuclass::Niuclass::new(service.map(|app| app.config.media.hls_url.clone()).unwrap_or_default())),
        Arc::new(im::Im),
        // Last: its calls are known by their query, at whatever path is nobody else's.
        Arc::new(suixinbo::Suixinbo),
    ]
}

/// The formats in which endpoints receive events.
#[must_use]
pub fn formatters(protocols: &[Arc<dyn Protocol>]) -> Formatters {
    protocols.iter().flat_map(|protocol| protocol.formatters()).collect()
}

/// The description of the calls of all protocols that describe theirs.
#[must_use]
pub fn openapi(protocols: &[Arc<dyn Protocol>]) -> OpenApi {
    let descriptions = protocols.iter().filter_map(|protocol| protocol.openapi());
    descriptions.reduce(OpenApi::merge_from).unwrap_or_default()
}

/// What a pull of messages shows of a notice, in the words of the protocol that has it.
#[must_use]
pub fn show_notice(notice: &Notice, message: &Message) -> String {
    suixinbo::show_notice(notice, message).or_else(|| im::show_notice(notice)).unwrap_or_default()
}
