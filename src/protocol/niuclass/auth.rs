//! Authentication: the channel of the bearer token.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, ResponseError};
use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::token;
use crate::domain::ids::ChannelId;
use crate::domain::tenancy::channel;
use crate::domain::tenancy::channel::Access;
use crate::http::{body, wire};
use crate::state::AppState;

/// An authenticated request with its unparsed body.
struct Received {
    access: Arc<Access>,
    body: Bytes,
}

/// Middleware that authenticates every call except the login.
///
/// # Errors
/// Those of the inner service. A failed authentication becomes a response.
pub async fn authenticate(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    match admit(&mut request).await {
        Ok(received) => {
            request.extensions_mut().insert(received);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(error) => Ok(request.into_response(error.error_response()).map_into_right_body()),
    }
}

async fn admit(request: &mut ServiceRequest) -> Result<Received, ApiError> {
    let app = request.app_data::<Data<AppState>>().cloned();
    let app = app.ok_or_else(|| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "the service is not set up"))?;
    let access = match access(request, &app).await {
        Ok(access) => access,
        Err(refusal) => {
            // Not kept, but read, because a connection with an unread body can't be reused.
            body::discard(&mut request.take_payload()).await;
            return Err(refusal);
        }
    };
    let body = body::read(request.take_payload(), app.config.limits.body_bytes).await?;
    Ok(Received { access: Arc::new(access), body })
}

/// The channel of the token.
async fn access(request: &ServiceRequest, app: &AppState) -> Result<Access, ApiError> {
    let token = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok()).and_then(bearer);
    let token = token.ok_or_else(|| ApiError::unauthorized("Authorization: must be Bearer and the token of /login"))?;
    let invalid = || ApiError::unauthorized("the token is not good, or not any more; log in again");
    let channel_id = token::claimed_channel(token).ok_or_else(invalid)?;
    let access = app.db.read(move |conn| channel::access(conn, ChannelId(channel_id))).await?;
    let access = access.filter(|access| token::is_valid(token, access, app.now())).ok_or_else(invalid)?;
    check_valid(app, &access)?;
    Ok(access)
}

/// The token of an `Authorization` header. The scheme `Bearer` is not case-sensitive.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Checks that the validity of the channel's enterprise has not ended.
pub fn check_valid(app: &AppState, access: &Access) -> Result<(), ApiError> {
    if access.enterprise.is_valid_at(app.now()) {
        Ok(())
    } else {
        Err(ApiError::new(StatusCode::FORBIDDEN, "the validity of the enterprise is over"))
    }
}

/// The calling channel.
#[derive(Clone)]
pub struct Caller(pub Arc<Access>);

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(received(request, |received| Ok(Self(received.access.clone()))))
    }
}

/// The parsed body of a call.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(received(request, |received| Ok(Self(wire::parse(&received.body)?))))
    }
}

/// The parsed query of a call.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(wire::parse_query(request.query_string()).map(Self).map_err(ApiError::from))
    }
}

fn received<T>(request: &HttpRequest, f: impl FnOnce(&Received) -> Result<T, ApiError>) -> Result<T, ApiError> {
    match request.extensions().get::<Received>() {
        Some(received) => f(received),
        None => Err(ApiError::unauthorized("Authorization: missing")),
    }
}
