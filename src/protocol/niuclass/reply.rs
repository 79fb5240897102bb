//! Responses: JSON with the HTTP status of the call's success.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;

/// The result of a handler.
pub type Answer<T> = Result<Json<T>, ApiError>;

/// Responds with `data`.
#[expect(clippy::unnecessary_wraps, reason = "the last expression of a handler, which can fail before")]
pub fn reply<T>(data: T) -> Answer<T> {
    Ok(Json(data))
}

/// An empty object.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassDone)]
pub struct Done {}

/// Responds with 200 and an empty object.
pub fn done() -> Answer<Done> {
    reply(Done {})
}

/// Responds with 201 and what was created.
#[expect(clippy::unnecessary_wraps, reason = "the last expression of a handler, which can fail before")]
pub fn created(data: impl Serialize) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::build(StatusCode::CREATED).json(data))
}

/// Responds with 204 after a deletion.
#[expect(clippy::unnecessary_wraps, reason = "the last expression of a handler, which can fail before")]
pub fn deleted() -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::NoContent().finish())
}
