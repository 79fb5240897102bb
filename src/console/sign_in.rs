//! Signing in with name, password and code in one step, and signing out. Every wrong part has the same answer after the same work.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, SET_COOKIE};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::cookie;
use super::form::{Fields, Form};
use super::page;
use super::page::{Frame, redirect};
use super::problem::Problem;
use super::visit::{Signed, Visit};
use super::words::fill;
use crate::domain;
use crate::domain::tenancy::audit::{Actor, AuditAction, Change, Origin};
use crate::domain::tenancy::{audit, console, operator};
use crate::http::client;
use crate::state::LoginKey;

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .route("/sign-in", web::get().to(form))
        .route("/sign-in", web::post().to(sign_in))
        .route("/sign-out", web::post().to(sign_out));
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage {
    frame: Frame,
    name: String,
    problem: Option<String>,
}

async fn form(visit: Visit) -> Result<HttpResponse, Problem> {
    if visit.session.is_some() {
        return Ok(redirect(&visit, "/"));
    }
    show(&visit, StatusCode::OK, "", None)
}

fn show(visit: &Visit, status: StatusCode, name: &str, problem: Option<String>) -> Result<HttpResponse, Problem> {
    let frame = Frame::new(visit, visit.words().sign_in_title);
    page::show(status, &SignInPage { frame, name: name.to_owned(), problem })
}

async fn sign_in(visit: Visit, form: Form, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = form.fields();
    let name = fields.get("name").to_owned();
    match check(&visit, fields, &request).await {
        Ok(Some(token)) => Ok(signed_in(&visit, &token)),
        Ok(None) => {
            log::warn!("{}: signing in to the console was refused", visit.address);
            show(&visit, StatusCode::FORBIDDEN, &name, Some(visit.words().sign_in_wrong.to_owned()))
        }
        Err(error @ (domain::Error::LimitReached { .. } | domain::Error::Busy)) => {
            let seconds = error.retry_seconds().unwrap_or(1);
            let why = match error {
                domain::Error::Busy => visit.words().busy.to_owned(),
                _ => fill(visit.words().sign_in_slow, &[&seconds.to_string()]),
            };
            let mut response = show(&visit, StatusCode::TOO_MANY_REQUESTS, &name, Some(why))?;
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
            Ok(response)
        }
        Err(other) => Err(other.into()),
    }
}

/// The token of the new session, if name, password and code are right.
async fn check(visit: &Visit, fields: &Fields, request: &HttpRequest) -> domain::Result<Option<String>> {
    let app = &visit.app;
    let name = fields.get("name").to_owned();
    // No user of an enterprise has such an id, so that the counts are kept apart.
    let user_id = format!("\u{0}operator {}", name.chars().take(64).collect::<String>());
    let key = LoginKey { enterprise_id: None, user_id, address: client::counted_address(request) };
    let attempt = app.begin_sign_in(key)?;
    let codes = LoginKey {
        enterprise_id: None,
        user_id: format!("\u{0}codes of {}", name.chars().take(64).collect::<String>()),
        address: IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let found = app.db.read(move |conn| Ok::<_, domain::Error>(operator::find(conn, &name)?)).await?;
    let stored = found.as_ref().map(|operator| operator.password_hash.clone());
    let is_password = app.passwords.is(stored, fields.exactly("password").to_owned()).await?;
    let now = app.now();
    // The code is always compared, so that the time does not say which part is wrong.
    let step = operator::step_of(found.as_ref(), &fields.get("code").replace(' ', ""), now);
    // Who knows the password could guess codes from many addresses: those after a right password are counted for the account. That it
    // has to wait looks like a wrong code, which does not say that the password is right.
    let guess = if is_password { app.login_throttle.begin(codes, now).ok() } else { None };
    let token = match (found, step) {
        (Some(operator), Some(step)) if guess.is_some() => {
            let actor = Actor { name: operator.name.clone(), origin: Origin::Console, address: visit.address.clone() };
            let write = move |conn: &mut _| {
                let token = operator::sign_in(conn, &operator, step, now)?;
                if token.is_some() {
                    let change = Change::of_service(AuditAction::SignIn, &operator.name);
                    audit::record(conn, &actor, change, now)?;
                }
                Ok::<_, domain::Error>(token)
            };
            app.db.write(write).await?
        }
        _ => None,
    };
    attempt.settle(token.is_some());
    if let Some(guess) = guess {
        guess.settle(token.is_some());
    }
    Ok(token)
}

/// Gives the browser the token of a new session. A token that it had before is never used on.
pub(super) fn signed_in(visit: &Visit, token: &str) -> HttpResponse {
    let mut response = redirect(visit, "/");
    if let Some(value) = cookie::set(cookie::SESSION, token, &visit.root, None, visit.is_secure) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

async fn sign_out(signed: Signed, _form: Form) -> Result<HttpResponse, Problem> {
    let session = signed.session.clone();
    signed.app.db.write(move |conn| console::sign_out(conn, &session)).await?;
    let mut response = redirect(&signed, "/sign-in");
    if let Some(value) = cookie::set(cookie::SESSION, "", &signed.root, Some(0), signed.is_secure) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    Ok(response)
}
