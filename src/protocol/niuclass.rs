//! NiuClass: `/login` and `/api`, with which a channel partner manages organizations, members and courses.

mod auth;
mod callback;
mod course;
mod error;
mod formatter;
mod login;
mod member;
mod openapi;
mod organization;
mod reply;
mod token;
mod user;
mod wire;

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::web::{self, PathConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use utoipa::openapi::OpenApi;

use crate::domain::events::event::EndpointKind;
use crate::http::cors::any_origin;
use crate::protocol::contract::{Protocol, is_below};
use crate::state::AppState;
use crate::webhook;
use error::ApiError;
use formatter::Formatter;

/// The protocol.
pub struct Niuclass {
    formatter: Arc<Formatter>,
}

impl Niuclass {
    /// The protocol of a service; `None` on the command line.
    #[must_use]
    pub fn new(service: Option<Arc<AppState>>) -> Self {
        Self { formatter: Arc::new(Formatter { service }) }
    }
}

impl Protocol for Niuclass {
    fn mount(&self, config: &mut ServiceConfig) {
        // A non-numeric id gets the same answer as a path that does not exist.
        let paths = PathConfig::default().error_handler(|_, request| ApiError::no_such_call(request.path()).into());
        let calls = web::scope("/api")
            .app_data(paths)
            .wrap(from_fn(auth::authenticate))
            .wrap(any_origin().allowed_methods(["GET", "POST", "PUT", "DELETE"]))
            .configure(user::configure)
            .configure(organization::configure)
            .configure(member::configure)
            .configure(course::configure)
            .default_service(web::to(error::no_such_call));
        config.configure(login::configure).service(calls);
    }

    fn name(&self) -> &'static str {
        "niuclass"
    }

    fn owns(&self, path: &str) -> bool {
        is_below(path, &["/api", "/login"])
    }

    fn refuse(&self, request: &HttpRequest) -> HttpResponse {
        ApiError::no_such_call(request.path()).error_response()
    }

    fn openapi(&self) -> Option<OpenApi> {
        Some(openapi::openapi())
    }

    fn formatters(&self) -> Vec<(EndpointKind, Arc<dyn webhook::Formatter>)> {
        vec![(EndpointKind::Organization, self.formatter.clone())]
    }
}
