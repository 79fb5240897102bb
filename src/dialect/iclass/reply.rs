//! The envelope of every answer: `error_code` 0, an empty `error_msg`, and beside them what was asked for.

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::Refusal;
use crate::store::Paged;

/// An answer.
#[derive(Serialize, ToSchema)]
pub struct Reply<T> {
    /// 0, or one of the error codes
    #[schema(example = 0)]
    error_code: i64,
    /// Empty, or what is wrong, naming the field or id at fault
    #[schema(example = "")]
    error_msg: &'static str,
    #[serde(flatten)]
    data: T,
}

/// What a call returns.
pub type Answer<T> = Result<Reply<T>, Refusal>;

/// Nothing but that it went well.
#[derive(Serialize, ToSchema)]
pub struct Done {}

/// Answers with `data`.
#[expect(clippy::unnecessary_wraps, reason = "ends a handler, whose other answers are refusals")]
pub fn reply<T>(data: T) -> Answer<T> {
    Ok(Reply { error_code: 0, error_msg: "", data })
}

/// Answers that it was done.
pub fn done() -> Answer<Done> {
    reply(Done {})
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
}

impl<T> ListReply<T> {
    /// Shows a page of rows.
    pub fn new<R>(page: Paged<R>, show: impl FnMut(R) -> T) -> Self {
        let Paged { finish, total, rows } = page;
        Self { finish, total, list: rows.into_iter().map(show).collect() }
    }
}

/// How many rows a list has.
#[derive(Serialize, ToSchema)]
pub struct TotalReply {
    /// The number of rows
    pub total: i64,
}
