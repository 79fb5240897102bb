//! IM: `/signature` and `/im`, with which an app has its chat operations signed and manages its groups. Deployments also have the
//! same paths below `/im` and `/v1/im`.

mod auth;
mod error;
mod group;
mod member;
mod message;
mod notice;
mod openapi;
mod organization;
pub mod signature;
mod wire;

use actix_web::middleware::from_fn;
use actix_web::web::{self, PathConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;

use crate::http::cors::any_origin;
use crate::protocol::contract::{Protocol, is_below};
use error::{ApiError, Code};
pub use notice::show as show_notice;

/// The protocol.
pub struct Im;

impl Protocol for Im {
    /// A path belongs to the first scope that is a prefix of it.
    fn mount(&self, config: &mut ServiceConfig) {
        for root in ["", "/im", "/v1/im"] {
            let wrong = |problem: actix_web::error::PathError| ApiError::new(Code::Parameter, problem.to_string());
            let calls = web::scope(&format!("{root}/signature"))
                .app_data(PathConfig::default().error_handler(move |problem, _| wrong(problem).into()))
                .wrap(from_fn(auth::authenticate))
                .wrap(any_origin().allowed_methods(["GET", "POST", "PUT", "DELETE"]))
                .configure(signature::configure)
                .default_service(web::to(error::no_such_call));
            config.service(calls);
        }
        for root in ["/im", "/v1/im"] {
            // A non-numeric id gets 404.
            let nothing = |path: &str| ApiError::new(Code::NotFound, format!("{path}: not found"));
            let calls = web::scope(root)
                .app_data(PathConfig::default().error_handler(move |_, request| nothing(request.path()).into()))
                .wrap(from_fn(auth::authenticate))
                .wrap(any_origin().allowed_methods(["GET", "POST", "PUT", "DELETE"]))
                .configure(group::configure)
                .configure(member::configure)
                .configure(organization::configure)
                .configure(message::configure)
                .default_service(web::to(error::no_such_call));
            config.service(calls);
        }
    }

    fn name(&self) -> &'static str {
        "im"
    }

    fn owns(&self, path: &str) -> bool {
        is_below(path, &["/signature", "/im", "/v1/im"])
    }

    fn refuse(&self, request: &HttpRequest) -> HttpResponse {
        ApiError::no_such_call(request).answer(request)
    }

    fn openapi(&self) -> Option<OpenApi> {
        Some(openapi::openapi())
    }
}
