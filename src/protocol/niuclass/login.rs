//! `/login`: a channel exchanges its password for a token.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::check_valid;
use super::error::ApiError;
use super::reply::{Answer, reply};
use super::token;
use crate::domain::Error;
use crate::domain::tenancy::channel;
use crate::http::cors::any_origin;
use crate::http::wire::{Text, parse};
use crate::http::{body, client};
use crate::state::{AppState, LoginKey};

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    let calls = web::resource("/login")
        .route(web::post().to(login))
        .default_service(web::to(method))
        .wrap(any_origin().allowed_methods(["POST"]));
    config.service(calls);
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassLogin)]
struct LoginRequest {
    /// The login name of the channel
    mobile: Text<1, 32>,
    password: Text<1, 128>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassToken)]
pub(super) struct LoginView {
    /// The token for `Authorization: Bearer`, valid for a day
    token: String,
}

/// Exchanges the password of a channel for a token.
#[utoipa::path(post, path = "/login", tag = "niuclass", request_body = LoginRequest, responses((status = 200, body = LoginView)))]
pub(super) async fn login(app: Data<AppState>, request: HttpRequest, payload: Payload) -> Answer<LoginView> {
    let read = body::read_of_unknown(&request, payload.into_inner(), app.config.limits.body_bytes).await;
    let (body, _reservation) = read?;
    let LoginRequest { mobile: Text(mobile), password: Text(password) } = parse(&body)?;
    // The enterprise is not known before the login.
    let key = LoginKey { enterprise_id: None, user_id: mobile.clone(), address: client::counted_address(&request) };
    let attempt = app.begin_sign_in(key)?;
    let found = app.db.read(move |conn| Ok::<_, Error>(channel::find(conn, &mobile)?)).await?;
    let stored = found.as_ref().map(|channel| channel.password_hash.clone());
    let is_right = app.passwords.is(stored.clone(), password).await?;
    let access = match found.filter(|_| is_right).map(|channel| channel.channel_id) {
        Some(channel_id) => app.db.read(move |conn| channel::access(conn, channel_id)).await?,
        None => None,
    };
    // The password may have been changed while it was checked.
    let access = access.filter(|access| Some(&access.channel.password_hash) == stored.as_ref());
    attempt.settle(access.is_some());
    let access = access.ok_or_else(|| ApiError::unauthorized("mobile or password: wrong"))?;
    check_valid(&app, &access)?;
    let token = token::issue(&access, app.now()).map_err(|e| {
        log::error!("signing a token failed: {e}");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "login failed")
    })?;
    reply(LoginView { token })
}

async fn method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "use POST")
}
