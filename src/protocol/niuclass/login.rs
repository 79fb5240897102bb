//! `/login`: a channel shows its password and gets a token.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use serde::{Deserialize, Serialize};

use super::auth::check_valid;
use super::error::ApiError;
use super::reply::{Answer, reply};
use super::token;
use crate::domain::Error;
use crate::domain::tenancy::channel;
use crate::http::body;
use crate::http::wire::{Text, parse};
use crate::state::{AppState, LoginKey};

/// What is checked in place of the password of a channel that is not there, so that both take as long. No password has it.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    let calls = web::resource("/login").route(web::post().to(login)).default_service(web::to(method));
    config.service(calls);
}

#[derive(Deserialize)]
struct Login {
    /// What the channel logs in with
    mobile: Text<1, 32>,
    password: Text<1, 128>,
}

#[derive(Serialize)]
struct LoggedIn {
    /// For `Authorization: Bearer`, for a day
    token: String,
}

async fn login(app: Data<AppState>, request: HttpRequest, payload: Payload) -> Answer<LoggedIn> {
    let body = body::read(payload.into_inner(), app.config.limits.body_bytes).await?;
    let Login { mobile: Text(mobile), password: Text(password) } = parse(&body)?;
    // No enterprise is named here.
    let address = request.peer_addr().map(|address| address.ip());
    let trier = LoginKey { enterprise_id: 0, user_id: mobile.clone(), address };
    if !app.attempts.begin(&trier, app.now()) {
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "password: too many wrong ones; wait a minute"));
    }
    let found = app.db.read(move |conn| Ok::<_, Error>(channel::find(conn, &mobile)?)).await?;
    let stored = found.as_ref().map_or_else(|| NOBODYS_HASH.to_owned(), |channel| channel.password_hash.clone());
    let is_right = app.passwords.is(stored, password).await;
    let wrong = || ApiError::unauthorized("mobile or password: wrong");
    let channel_id = found.filter(|_| is_right).ok_or_else(wrong)?.channel_id;
    app.attempts.succeeded(&trier);
    let access = app.db.read(move |conn| channel::access(conn, channel_id)).await?.ok_or_else(wrong)?;
    check_valid(&app, &access)?;
    let token = token::issue(&access, app.now()).map_err(|e| {
        log::error!("a token could not be signed: {e}");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "login failed")
    })?;
    reply(LoggedIn { token })
}

async fn method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "use POST")
}
