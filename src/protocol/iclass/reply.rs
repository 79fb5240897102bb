//! The envelope of every answer: `error_code` 0, an empty `error_msg`, and beside them what was asked for.

use std::borrow::Cow;

use actix_web::body::BoxBody;
use actix_web::http::header::ContentType;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use crate::db::Conn;
use crate::domain;
use crate::domain::CacheTag;
use crate::state::{AppState, CacheKey};
use crate::store::Paged;

/// An answer.
#[derive(Serialize, ToSchema)]
pub struct Reply<T> {
    /// 0, or one of the error codes
    #[schema(example = 0)]
    error_code: i64,
    /// Empty, or what is wrong, naming the field or id at fault
    #[schema(example = "")]
    error_msg: Cow<'static, str>,
    #[serde(flatten)]
    data: T,
}

/// What a call returns.
pub type Answer<T> = Result<Reply<T>, ApiError>;

/// Answers with `data` about something that failed: the code is its own.
#[expect(clippy::unnecessary_wraps, reason = "ends a handler, whose other answers are refusals")]
pub fn reply_of_failure<T>(error_code: i64, error_msg: String, data: T) -> Answer<T> {
    Ok(Reply { error_code, error_msg: error_msg.into(), data })
}

/// Nothing but that it went well.
#[derive(Serialize, ToSchema)]
pub struct Done {}

/// Answers with `data`.
#[expect(clippy::unnecessary_wraps, reason = "ends a handler, whose other answers are refusals")]
pub fn reply<T>(data: T) -> Answer<T> {
    Ok(Reply { error_code: 0, error_msg: "".into(), data })
}

/// Answers that it was done.
pub fn done() -> Answer<Done> {
    reply(Done {})
}

/// An answer that may have been given before.
pub struct Told(Bytes);

impl Responder for Told {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().content_type(ContentType::json()).body(self.0)
    }
}

/// Answers with what `read` finds about some subjects: `about` says what is asked, and `call` which call asks.
pub async fn get_or_load<T: Serialize>(
    app: &AppState,
    call: &'static str,
    enterprise_id: i64,
    about: String,
    subjects: Vec<CacheTag>,
    read: impl FnOnce(&mut Conn) -> domain::Result<T> + Send + 'static,
) -> Result<Told, ApiError> {
    let key = CacheKey { call, enterprise_id, about };
    let read = move |conn: &mut Conn| {
        let data = Reply { error_code: 0, error_msg: "".into(), data: read(conn)? };
        // Our own types have no maps that could fail.
        Ok::<_, domain::Error>(Bytes::from(serde_json::to_vec(&data).unwrap_or_default()))
    };
    Ok(Told(app.answers.get_or_load(&app.db, key, subjects, read).await?))
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
    /// Whether no row comes after these
    finish: bool,
    /// All rows of the list, on this page or not
    total: i64,
    /// The rows of the page
    list: Vec<T>,
    /// What `after` has to be for the next page; there when `after` was sent and the list goes on
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl<T> ListReply<T> {
    /// Shows a page of rows.
    pub fn new<R>(page: Paged<R>, show: impl FnMut(R) -> T) -> Self {
        let Paged { finish, total, rows, next } = page;
        Self { finish, total, list: rows.into_iter().map(show).collect(), next: next.map(|id| id.to_string()) }
    }
}

/// How many rows a list has.
#[derive(Serialize, ToSchema)]
pub struct TotalReply {
    /// The number of rows
    pub total: i64,
}
