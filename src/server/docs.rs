//! `/openapi.json`, and the page at `/docs/` that shows it.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{HttpServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::middleware::{Next, from_fn};
use actix_web::web;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::http::page_policy;

/// The page loads its own scripts and styles, and calls this server when somebody tries a call.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/// The service of both.
pub(super) fn docs(openapi: OpenApi, frame_ancestors: Option<String>) -> impl HttpServiceFactory {
    // The default shows a badge that an outside service draws.
    let page =
        SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", openapi).config(Config::default().validator_url("none"));
    let protect = move |request: ServiceRequest, next: Next<_>| protected(request, next, frame_ancestors.clone());
    web::scope("")
        .guard(fn_guard(is_asked))
        .wrap(from_fn(protect))
        .service(page)
        .service(web::redirect("/docs", "/docs/"))
        .default_service(web::to(HttpResponse::NotFound))
}

fn is_asked(request: &GuardContext<'_>) -> bool {
    let path = request.head().uri.path();
    path == "/openapi.json" || path == "/docs" || path.starts_with("/docs/")
}

async fn protected(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
    frame_ancestors: Option<String>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    for (name, value) in page_policy::headers(POLICY, frame_ancestors.as_deref()) {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
