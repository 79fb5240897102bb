//! The envelope of every response: `errorCode` 0, an empty `errorInfo`, and optional `data`.

use actix_web::web::Bytes;
use serde::Serialize;

use super::error::ApiError;
use crate::domain::Limit;

/// The result of a command.
pub type Answer = Result<Reply, ApiError>;

/// A serialized response.
pub struct Reply {
    /// The code, for the log.
    pub code: i64,
    pub body: Bytes,
    /// For `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The limit that refused, for the metrics.
    pub limit: Option<Limit>,
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
    // Serialization fails only for maps with keys that are not strings; replies have none.
    Bytes::from(serde_json::to_vec(value).unwrap_or_default())
}

/// The response to a request that is refused.
pub fn refused(error: &ApiError) -> Reply {
    Reply {
        code: error.code(),
        body: envelope::<()>(error.code(), error.message(), None),
        retry_after: error.retry_after(),
        limit: error.limit(),
    }
}

/// Responds with `data`.
#[expect(clippy::unnecessary_wraps, reason = "the last expression of a command, which can fail before")]
pub fn reply(data: impl Serialize) -> Answer {
    Ok(Reply { code: 0, body: envelope(0, "", Some(data)), retry_after: None, limit: None })
}

/// Responds without data.
#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub fn done() -> Answer {
    Ok(Reply { code: 0, body: envelope::<()>(0, "", None), retry_after: None, limit: None })
}

/// Responds in the format that a service of the hosted cloud expects.
#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub fn in_form(code: i64, form: impl Serialize) -> Answer {
    Ok(Reply { code, body: body(&form), retry_after: None, limit: None })
}
