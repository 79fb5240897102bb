//! The trait of a protocol.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;

use crate::clock::Millis;
use crate::domain::events::event::EndpointKind;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::webhook::Formatter;

/// How people try out a call.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// The query that signs a call of an enterprise now.
    pub sign: fn(&Enterprise, Millis) -> String,
    /// Whether the call deletes something.
    pub deletes: bool,
    /// The fields of answers that have secrets.
    pub secrets: &'static [&'static str],
}

/// A protocol: its calls, their description, and the formatters of its endpoints.
pub trait Protocol: Send + Sync + 'static {
    /// Mounts its calls.
    fn mount(&self, config: &mut ServiceConfig);

    /// Its name, for operators.
    fn name(&self) -> &'static str;

    /// Whether a path is that of a call of this protocol, or looks like one: it is in lower case, without doubled slashes.
    fn owns(&self, path: &str) -> bool;

    /// Refuses a request whose path looks like one of this protocol, but is not exactly that of a call.
    fn refuse(&self, request: &HttpRequest) -> HttpResponse;

    /// Its part of the OpenAPI description.
    fn openapi(&self) -> Option<OpenApi> {
        None
    }

    /// How people try out the call at a path; `None` if they can't.
    fn trial(&self, _path: &str) -> Option<Trial> {
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
