//! The trait of a protocol.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;

use crate::domain::events::event::EndpointKind;
use crate::webhook::Formatter;

/// A protocol: its calls, their description, and the formatters of its endpoints.
pub trait Protocol: Send + Sync + 'static {
    /// Mounts its calls.
    fn mount(&self, config: &mut ServiceConfig);

    /// Refuses a request whose path is not exactly that of a call, but looks like one of this protocol: `path` is in lower case,
    /// without doubled slashes. `None` if it does not look like one.
    fn refuse(&self, _path: &str, _request: &HttpRequest) -> Option<HttpResponse> {
        None
    }

    /// Its part of the OpenAPI description.
    fn openapi(&self) -> Option<OpenApi> {
        None
    }

    /// The kinds of endpoints that receive events in this protocol, with their formatters.
    fn formatters(&self) -> Vec<(EndpointKind, Arc<dyn Formatter>)> {
        Vec::new()
    }
}

/// Whether a path is one of these, or below one of them.
pub(super) fn is_below(path: &str, roots: &[&str]) -> bool {
    let rest = |root: &&str| path.strip_prefix(*root);
    roots.iter().filter_map(rest).any(|rest| rest.is_empty() || rest.starts_with('/'))
}
