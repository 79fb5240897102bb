//! The trait of a protocol.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use utoipa::openapi::OpenApi;

use crate::domain::events::event::EndpointKind;
use crate::webhook::Formatter;

/// A protocol: its calls, their description, and the formatters of its endpoints.
pub trait Protocol: Send + Sync + 'static {
    /// Mounts its calls.
    fn mount(&self, config: &mut ServiceConfig);

    /// Its part of the OpenAPI description.
    fn openapi(&self) -> Option<OpenApi> {
        None
    }

    /// The kinds of endpoints that receive events in this protocol, with their formatters.
    fn formatters(&self) -> Vec<(EndpointKind, Arc<dyn Formatter>)> {
        Vec::new()
    }
}
