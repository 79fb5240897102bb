//! Why a page of the console can't be shown, or a form is refused.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use super::words::Words;
use crate::domain;
use crate::http::body;

/// Why a request is refused.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Problem {
    /// There is no console.
    #[error("the console is off")]
    Off,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// There is no such page, or nobody may know of it who asks.
    #[error("no such page")]
    NotFound,
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// The form has no token of this session, or another site sent it.
    #[error("the form is not of this session")]
    Stale,
    /// The form has a value that is not allowed.
    #[error("{0}")]
    Invalid(String),
    /// The service is busy, or a limit is reached; the time to wait, in seconds.
    #[error("too much at once")]
    Busy(u64),
    /// The database failed.
    #[error("the database failed")]
    Failed,
}

impl Problem {
    /// The heading and the text of the page that says it.
    pub(super) fn texts(&self, words: &Words) -> (&'static str, String) {
        match self {
            Self::Off | Self::SignedOut | Self::NotFound => (words.not_found, words.not_found_text.into()),
            Self::Forbidden => (words.forbidden, words.forbidden_text.into()),
            Self::Stale => (words.stale, words.stale_text.into()),
            Self::Invalid(why) => (words.invalid, why.clone()),
            Self::Busy(_) => (words.failed, words.busy.into()),
            Self::Failed => (words.failed, words.failed_text.into()),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Off | Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::SEE_OTHER,
            Self::Forbidden | Self::Stale => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Failed => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    // The middleware writes the page, because it knows the language.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<domain::Error> for Problem {
    fn from(error: domain::Error) -> Self {
        use domain::Error as E;
        match &error {
            E::Forbidden(domain::Forbidden::ConsoleRole { .. }) => Self::Forbidden,
            E::UnknownClass(_) | E::UnknownUser(_) | E::NotFound { .. } => Self::NotFound,
            E::LimitReached { .. } | E::Busy => Self::Busy(error.retry_seconds().unwrap_or(1)),
            E::Database(cause) => {
                log::error!("a page of the console failed: {cause}");
                Self::Failed
            }
            other => Self::Invalid(other.to_string()),
        }
    }
}

impl From<crate::db::Error> for Problem {
    fn from(error: crate::db::Error) -> Self {
        domain::Error::from(error).into()
    }
}

impl From<body::Error> for Problem {
    fn from(error: body::Error) -> Self {
        match error {
            body::Error::Busy => Self::Busy(1),
            other => Self::Invalid(other.to_string()),
        }
    }
}
