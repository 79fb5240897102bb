//! The envelope of every answer: `errorCode` 0, an empty `errorInfo`, and `data` where there is some.

use actix_web::web::Bytes;
use serde::Serialize;

use super::error::ApiError;

/// What a command returns.
pub type Answer = Result<Reply, ApiError>;

/// An answer, ready to be sent.
pub struct Reply {
    code: i64,
    body: Bytes,
}

impl Reply {
    /// The code for the log and the body.
    pub fn parts(self) -> (i64, Bytes) {
        (self.code, self.body)
    }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    #[serde(rename = "errorCode")]
    error_code: i64,
    #[serde(rename = "errorInfo")]
    error_info: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

fn envelope<T: Serialize>(code: i64, message: &str, data: Option<T>) -> Bytes {
    body(&Envelope { error_code: code, error_info: message, data })
}

fn body(value: &impl Serialize) -> Bytes {
    // Our own types have no maps that could fail.
    Bytes::from(serde_json::to_vec(value).unwrap_or_default())
}

/// The answer to a request that is refused.
pub fn refused(error: &ApiError) -> Reply {
    Reply { code: error.code(), body: envelope::<()>(error.code(), error.message(), None) }
}

/// Answers with `data`.
#[expect(clippy::unnecessary_wraps, reason = "ends a command, whose other answers are refusals")]
pub fn reply(data: impl Serialize) -> Answer {
    Ok(Reply { code: 0, body: envelope(0, "", Some(data)) })
}

/// Answers that it was done.
#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub fn done() -> Answer {
    Ok(Reply { code: 0, body: envelope::<()>(0, "", None) })
}

/// Answers in a form of its own, as the services of the hosted cloud expect it.
#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub fn in_form(code: i64, form: impl Serialize) -> Answer {
    Ok(Reply { code, body: body(&form) })
}
