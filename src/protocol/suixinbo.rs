//! Suixinbo edu: the calls of live classroom clients: accounts, rooms, and signatures for the hosted cloud. All calls have one
//! address; the query names the service and the command.

mod account;
mod asked;
mod commands;
mod cos;
mod error;
mod fields;
mod live;
mod notice;
mod openapi;
mod recording;
mod reply;
mod vod;

use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::header::{ContentType, HeaderValue, RETRY_AFTER};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;

use crate::http::request_log::Answered;
use crate::http::{body, cors};
use crate::protocol::contract::Protocol;
use crate::state::AppState;
use asked::CommandRequest;
use error::ApiError;
pub use notice::show as show_notice;
use reply::{Answer, Reply, refused};

/// The protocol.
pub struct Suixinbo;

impl Protocol for Suixinbo {
    /// Matches any path, so it must be mounted after all other protocols.
    fn mount(&self, config: &mut ServiceConfig) {
        let calls = web::resource("/{path:.*}")
            .guard(fn_guard(is_called))
            .wrap(cors::any_origin().allow_any_method())
            .default_service(web::to(call));
        config.service(calls);
    }

    fn refuse(&self, path: &str, _: &HttpRequest) -> Option<HttpResponse> {
        is_of_reference_server(path).then(|| respond(refused(&ApiError::no_such_command())))
    }

    fn openapi(&self) -> Option<OpenApi> {
        Some(openapi::openapi())
    }
}

/// Whether a path in lower case is that of the reference server.
fn is_of_reference_server(path: &str) -> bool {
    path.ends_with("/index.php") || path.starts_with("/sxb_new/")
}

/// Whether a request belongs to this protocol: it names a service and a command, or has the path of the reference server.
fn is_called(request: &GuardContext<'_>) -> bool {
    let uri = &request.head().uri;
    let query = uri.query().unwrap_or_default();
    let names = |wanted: &str| url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == wanted);
    is_of_reference_server(uri.path()) || (names("svc") && names("cmd"))
}

/// Answers every request with HTTP 200.
async fn call(app: Data<AppState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    respond(answer(&app, &request, payload).await.unwrap_or_else(|error| refused(&error)))
}

fn respond(reply: Reply) -> HttpResponse {
    let mut response = HttpResponse::Ok().insert_header(ContentType::json()).body(reply.body);
    if let Some(seconds) = reply.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(Answered(reply.code));
    response
}

async fn answer(app: &AppState, request: &HttpRequest, payload: Payload) -> Answer {
    // Read the body in any case: a connection with an unread body can't be reused.
    let read = body::read_of_unknown(request, payload.into_inner(), app.config.limits.body_bytes).await;
    let (body, _reservation) = match read {
        Ok((body, reservation)) => (Ok(body), reservation),
        Err(error) => (Err(error), None),
    };
    let (mut svc, mut cmd) = (None, None);
    for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
        match name.as_ref() {
            "svc" => drop(svc.get_or_insert(value)),
            "cmd" => drop(cmd.get_or_insert(value)),
            _ => {}
        }
    }
    let asked = CommandRequest { app, request, body };
    let cmd = cmd.as_deref().unwrap_or_default();
    match svc.as_deref() {
        Some("account") => account::answer(cmd, &asked).await,
        Some("live") => live::answer(cmd, &asked).await,
        Some("cos") => cos::answer(cmd, &asked).await,
        Some("vod") => vod::answer(cmd, &asked).await,
        _ => Err(ApiError::no_such_command()),
    }
}
