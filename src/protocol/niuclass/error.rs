//! Errors in the form of the protocol: an HTTP status and `{"message", "code"}`.

mod words;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db;
use crate::domain;
use crate::domain::Limit;
use crate::http::outcome::Limited;
use crate::http::{body, wire};
use words::Words;

/// The longest `message`. It may repeat a long value of the request.
const MESSAGE_CHARS: usize = 300;

/// An error answer.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    message: String,
    /// For `Retry-After`, in seconds.
    retry_after: Option<u64>,
    /// The limit that refused, for the metrics.
    limit: Option<Limit>,
}

impl ApiError {
    /// An error with this HTTP status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after: None, limit: None }
    }

    /// A parameter is missing or not valid.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// The caller is not authenticated.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// The call does not exist.
    pub fn no_such_call(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{path}: not found"))
    }

    /// `code` on the wire. The published codes are the names of HTTP statuses.
    fn code(&self) -> &'static str {
        match self.status {
            StatusCode::BAD_REQUEST => "BAD_REQUEST",
            StatusCode::UNAUTHORIZED => "UNAUTHORIZED",
            StatusCode::FORBIDDEN => "FORBIDDEN",
            StatusCode::NOT_FOUND => "NOT_FOUND",
            StatusCode::METHOD_NOT_ALLOWED => "METHOD_NOT_ALLOWED",
            StatusCode::PAYLOAD_TOO_LARGE => "PAYLOAD_TOO_LARGE",
            StatusCode::TOO_MANY_REQUESTS => "TOO_MANY_REQUESTS",
            StatusCode::SERVICE_UNAVAILABLE => "SERVICE_UNAVAILABLE",
            _ => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The database failed. If it is unavailable, the status is 503.
    fn database(cause: &db::Error) -> Self {
        match cause {
            db::Error::Unavailable(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "the database is not available; nothing was done, try again")
            }
            // The client must not retry automatically.
            db::Error::InDoubt(_) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the database went away before it said whether this was done",
            ),
            db::Error::Query(_) | db::Error::Address(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the database failed; nothing was done")
            }
        }
    }
}

/// The body of a refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassError)]
pub(super) struct Body<'a> {
    /// What is wrong
    message: &'a str,
    /// The name of the HTTP status, such as `BAD_REQUEST`
    code: &'static str,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let message: String = self.message.chars().take(MESSAGE_CHARS).collect();
        let mut response = HttpResponse::build(self.status).json(Body { message: &message, code: self.code() });
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(limit) = self.limit {
            response.extensions_mut().insert(Limited(limit.name()));
        }
        response
    }
}

impl From<domain::Error> for ApiError {
    fn from(error: domain::Error) -> Self {
        use domain::Error as E;
        let status = match &error {
            E::NotFound { .. } | E::UnknownUser(_) | E::UnknownClass(_) | E::UnknownGroup(_) => StatusCode::NOT_FOUND,
            E::Forbidden(_)
            | E::Banned { .. }
            | E::NotInside { .. }
            | E::NotReserved { .. }
            // Waiting does not help.
            | E::LimitReached { retry_after: None, .. } => StatusCode::FORBIDDEN,
            E::DeadToken => StatusCode::UNAUTHORIZED,
            E::Invalid { .. }
            | E::UsersExist(_)
            | E::ClassNotBegun(_)
            | E::AlreadyMessaged(_)
            | E::ClassInProgress(_)
            | E::ClassEnded(_)
            | E::WrongClassPassword(_)
            | E::ClassFull(_)
            | E::StageFull(_)
            | E::TooEarly { .. }
            | E::TeacherIsFixed(_) => StatusCode::BAD_REQUEST,
            E::ClassIdsUsedUp | E::NoGroups(_) => StatusCode::INTERNAL_SERVER_ERROR,
            E::LimitReached { retry_after: Some(_), .. } => StatusCode::TOO_MANY_REQUESTS,
            E::Busy => StatusCode::SERVICE_UNAVAILABLE,
            E::Database(cause) => {
                log::error!("a request failed: {cause}");
                return Self { retry_after: error.retry_seconds(), ..Self::database(cause) };
            }
        };
        Self { retry_after: error.retry_seconds(), limit: error.limit(), ..Self::new(status, error.words(&Words)) }
    }
}

impl From<db::Error> for ApiError {
    fn from(error: db::Error) -> Self {
        domain::Error::from(error).into()
    }
}

impl From<body::Error> for ApiError {
    fn from(error: body::Error) -> Self {
        let status = match error {
            body::Error::Busy => return domain::Error::Busy.into(),
            body::Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            body::Error::Broken | body::Error::TooSlow | body::Error::Stalled => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.to_string())
    }
}

impl From<wire::Error> for ApiError {
    fn from(error: wire::Error) -> Self {
        Self::invalid(error.to_string())
    }
}

/// Answers calls that do not exist.
pub async fn no_such_call(request: HttpRequest) -> ApiError {
    ApiError::no_such_call(request.path())
}

impl actix_web::Responder for ApiError {
    type Body = actix_web::body::BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.error_response()
    }
}
