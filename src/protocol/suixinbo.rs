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

use std::borrow::Cow;

use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::header::{ContentType, HeaderValue, RETRY_AFTER};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;

use crate::http::outcome::{Answered, Called, Limited};
use crate::http::{body, cors};
use crate::protocol::contract::Protocol;
use crate::state::AppState;
use asked::CommandRequest;
use commands::{COMMANDS, Command};
use error::ApiError;
pub use notice::show as show_notice;
use reply::{Answer, Reply, refused};

/// The name of the protocol.
const NAME: &str = "suixinbo";

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

    fn name(&self) -> &'static str {
        NAME
    }

    fn owns(&self, path: &str) -> bool {
        is_of_reference_server(path)
    }

    fn refuse(&self, _: &HttpRequest) -> HttpResponse {
        respond(refused(&ApiError::no_such_command()))
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
    let name = Name::of(request.query_string());
    let reply = answer(&app, &request, &name, payload).await.unwrap_or_else(|error| refused(&error));
    let mut response = respond(reply);
    response.extensions_mut().insert(name.called());
    response
}

fn respond(reply: Reply) -> HttpResponse {
    let mut response = HttpResponse::Ok().insert_header(ContentType::json()).body(reply.body);
    if let Some(seconds) = reply.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(Answered(reply.code));
    if let Some(limit) = reply.limit {
        response.extensions_mut().insert(Limited(limit.name()));
    }
    response
}

/// The service and the command that a query names.
struct Name<'a> {
    svc: Cow<'a, str>,
    cmd: Cow<'a, str>,
}

impl<'a> Name<'a> {
    /// The first of each counts.
    fn of(query: &'a str) -> Self {
        let (mut svc, mut cmd) = (None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "svc" => drop(svc.get_or_insert(value)),
                "cmd" => drop(cmd.get_or_insert(value)),
                _ => {}
            }
        }
        Self { svc: svc.unwrap_or_default(), cmd: cmd.unwrap_or_default() }
    }

    /// The call, if there is one with this name.
    fn called(&self) -> Called {
        let is_this = |command: &&Command| command.svc == self.svc && command.cmd == self.cmd;
        let call = COMMANDS.iter().find(is_this).map(|command| format!("{} {}", command.svc, command.cmd));
        Called { protocol: NAME, call }
    }
}

async fn answer(app: &AppState, request: &HttpRequest, name: &Name<'_>, payload: Payload) -> Answer {
    // Read the body in any case: a connection with an unread body can't be reused.
    let read = body::read_of_unknown(request, payload.into_inner(), app.config.limits.body_bytes).await;
    let (body, _reservation) = match read {
        Ok((body, reservation)) => (Ok(body), reservation),
        Err(error) => (Err(error), None),
    };
    let asked = CommandRequest { app, request, body };
    match name.svc.as_ref() {
        "account" => account::answer(&name.cmd, &asked).await,
        "live" => live::answer(&name.cmd, &asked).await,
        "cos" => cos::answer(&name.cmd, &asked).await,
        "vod" => vod::answer(&name.cmd, &asked).await,
        _ => Err(ApiError::no_such_command()),
    }
}
