//! What a protocol is to the server.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use utoipa::openapi::OpenApi;

use crate::domain::events::event::EndpointKind;
use crate::webhook::Formatter;

/// A protocol: its calls, their description, and the format in which its endpoints receive events.
pub trait Protocol: Send + Sync + 'static {
    /// Mounts its calls.
    fn mount(&self, config: &mut ServiceConfig);

    /// What it adds to the description of all calls.
    fn openapi(&self) -> Option<OpenApi> {
        None
    }

    /// The kinds of endpoints that receive events in this protocol, with their format.
    fn formatters(&self) -> Vec<(EndpointKind, Arc<dyn Formatter>)> {
        Vec::new()
    }
}
