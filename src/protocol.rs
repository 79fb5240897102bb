//! The protocols, one folder each: routes, wire types and error codes on top of the same domain. No protocol imports another.

mod contract;
pub mod iclass;
pub mod im;
pub mod niuclass;
pub mod suixinbo;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;

pub use contract::{Protocol, Trial};

use crate::domain::chat::group::{Message, Notice};
use crate::http::cors;
use crate::state::AppState;
use crate::webhook::Formatters;

/// All protocols in the order in which they are mounted. Without a service (on the command line) files have no addresses.
#[must_use]
pub fn all(service: Option<&Arc<AppState>>) -> Vec<Arc<dyn Protocol>> {
    vec![
        Arc::new(iclass::Iclass::new(service.cloned())),
        Arc::new(niuclass::Niuclass::new(service.cloned())),
        Arc::new(im::Im),
        // Last: it matches calls by their query, at any path that no other protocol has.
        Arc::new(suixinbo::Suixinbo),
    ]
}

/// The formatters of all kinds of endpoints.
#[must_use]
pub fn formatters(protocols: &[Arc<dyn Protocol>]) -> Formatters {
    protocols.iter().flat_map(|protocol| protocol.formatters()).collect()
}

/// The OpenAPI description of all protocols that have one.
#[must_use]
pub fn openapi(protocols: &[Arc<dyn Protocol>]) -> OpenApi {
    let descriptions = protocols.iter().filter_map(|protocol| protocol.openapi());
    descriptions.reduce(OpenApi::merge_from).unwrap_or_default()
}

/// Answers a request that no protocol has a call for, in the form of the protocol that it was meant for.
#[must_use]
pub fn refuse(protocols: &[Arc<dyn Protocol>], request: &HttpRequest) -> HttpResponse {
    let refused = of_path(protocols, request.path()).map(|protocol| protocol.refuse(request));
    cors::readable(refused.unwrap_or_else(|| HttpResponse::NotFound().finish()))
}

/// The protocol that has a call at a path, or at one that looks like it.
pub fn of_path<'a>(protocols: &'a [Arc<dyn Protocol>], path: &str) -> Option<&'a Arc<dyn Protocol>> {
    let mut plain = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !plain.ends_with('/') {
            plain.push(c.to_ascii_lowercase());
        }
    }
    protocols.iter().find(|protocol| protocol.owns(&plain))
}

/// Formats a notice for a client that pulls messages, in the protocol that defines the notice.
#[must_use]
pub fn show_notice(notice: &Notice, message: &Message) -> String {
    suixinbo::show_notice(notice, message)
        .or_else(|| im::show_notice(notice))
        .or_else(|| iclass::show_notice(notice))
        .unwrap_or_default()
}
