//! Answers: JSON with the HTTP status that the call has when it goes well.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Json;
use serde::Serialize;

use super::error::ApiError;

/// What a call returns.
pub type Answer<T> = Result<Json<T>, ApiError>;

/// Answers with `data`.
#[expect(clippy::unnecessary_wraps, reason = "ends a handler, whose other answers are refusals")]
pub fn reply<T>(data: T) -> Answer<T> {
    Ok(Json(data))
}

/// Nothing but that it went well.
#[derive(Serialize)]
pub struct Done {}

/// Answers that it was done.
pub fn done() -> Answer<Done> {
    reply(Done {})
}

/// Answers with what was made.
#[expect(clippy::unnecessary_wraps, reason = "ends a handler, whose other answers are refusals")]
pub fn created(data: impl Serialize) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::build(StatusCode::CREATED).json(data))
}

/// Answers that it is gone.
#[expect(clippy::unnecessary_wraps, reason = "ends a handler, whose other answers are refusals")]
pub fn gone() -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::NoContent().finish())
}
