//! The envelope of every response: `error_code` 0, an empty `error_msg`, and the fields of the call.

use std::borrow::Cow;

use actix_web::body::BoxBody;
use actix_web::http::header::ContentType;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use crate::domain;
use crate::domain::CacheTag;
use crate::state::{AppState, CacheKey};
use crate::store::Paged;

/// A response with the fields of a call.
#[derive(Serialize, ToSchema)]
pub struct Reply<T> {
    /// 0, or one of the error codes
    #[schema(example = 0)]
    error_code: i64,
    /// Empty, or the problem with the field or id at fault
    #[schema(example = "")]
    error_msg: Cow<'static, str>,
    #[serde(flatten)]
    data: T,
}

/// The result of a handler.
pub type Answer<T> = Result<Reply<T>, ApiError>;

/// Responds with `data` and the error code of a failed task. The call itself succeeded.
#[expect(clippy::unnecessary_wraps, reason = "the last expression of a handler, which can fail before")]
pub fn reply_of_failure<T>(error_code: i64, error_msg: String, data: T) -> Answer<T> {
    Ok(Reply { error_code, error_msg: error_msg.into(), data })
}

/// A response without fields of its own.
#[derive(Serialize, ToSchema)]
pub struct Done {}

/// Responds with `data`.
#[expect(clippy::unnecessary_wraps, reason = "the last expression of a handler, which can fail before")]
pub fn reply<T>(data: T) -> Answer<T> {
    Ok(Reply { error_code: 0, error_msg: "".into(), data })
}

/// Responds without fields.
pub fn done() -> Answer<Done> {
    reply(Done {})
}

/// A serialized response, possibly from the cache.
pub struct CachedReply(Bytes);

impl Responder for CachedReply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().content_type(ContentType::json()).body(self.0)
    }
}

/// Responds from the cache, or with what `load` finds. `tags` name the data that the response depends on.
pub async fn get_or_load<T: Serialize>(
    app: &AppState,
    key: CacheKey,
    tags: Vec<CacheTag>,
    load: impl Future<Output = domain::Result<T>>,
) -> Result<CachedReply, ApiError> {
    let load = async { load.await.map(serialized) };
    Ok(CachedReply(app.response_cache.get_or_load(&app.db, key, tags, load).await?))
}

/// Serializes a response that is not kept.
pub fn uncached<T: Serialize>(data: T) -> CachedReply {
    CachedReply(serialized(data))
}

fn serialized<T: Serialize>(data: T) -> Bytes {
    // Serialization fails only for maps with keys that are not strings; replies have none.
    Bytes::from(serde_json::to_vec(&Reply { error_code: 0, error_msg: "".into(), data }).unwrap_or_default())
}

impl<T: Serialize> Responder for Reply<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self)
    }
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct ListReply<T> {
    /// Whether this is the last page
    finish: bool,
    /// The number of rows of the whole list
    total: i64,
    /// The rows of this page
    list: Vec<T>,
    /// The `after` of the next page; present when `after` was sent and there are more rows
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl<T> ListReply<T> {
    /// Converts a page of rows.
    pub fn new<R>(page: Paged<R>, row: impl FnMut(R) -> T) -> Self {
        let Paged { finish, total, rows, next } = page;
        Self { finish, total, list: rows.into_iter().map(row).collect(), next: next.map(|id| id.to_string()) }
    }
}

/// The length of a list.
#[derive(Serialize, ToSchema)]
pub struct TotalReply {
    /// The number of rows
    pub total: i64,
}
