//! Errors in the form of the protocol: `{"msg", "code", "request"}`.

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
use crate::http::outcome::{Answered, Limited};
use crate::http::{body, wire};
use words::Words;

/// The longest `msg`. It may repeat a long value of the request.
const MESSAGE_CHARS: usize = 300;

/// `code` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Code {
    /// Lectern or its database failed. The protocol has no code for it.
    Failed = 999,
    /// A parameter is missing or not valid.
    Parameter = 1000,
    /// The resource does not exist.
    NotFound = 1001,
    /// The caller is not authenticated.
    Auth = 1005,
    /// The caller is not allowed to do this.
    Forbidden = 1008,
    /// A limit is reached. The protocol has no code for it.
    Limit = 1009,
    /// The group was not created.
    Create = 7000,
    /// The group was not changed.
    Update = 7001,
    /// The group was not deleted.
    Delete = 7002,
    /// The group does not exist.
    NoGroup = 7003,
    /// The members were not added.
    AddMember = 7004,
    /// The members were not removed.
    DeleteMember = 7005,
    /// The class was already messaged today.
    AlreadyMessaged = 7007,
}

impl Code {
    /// The HTTP status of the code. It is 200 for the codes of groups.
    fn status(self) -> StatusCode {
        match self {
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Parameter => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Auth => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Limit => StatusCode::TOO_MANY_REQUESTS,
            Self::Create
            | Self::Update
            | Self::Delete
            | Self::NoGroup
            | Self::AddMember
            | Self::DeleteMember
            | Self::AlreadyMessaged => StatusCode::OK,
        }
    }
}

/// An error answer.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: Code,
    message: String,
    /// For `Retry-After`, in seconds.
    retry_after: Option<u64>,
    /// The limit that refused, for the metrics.
    limit: Option<Limit>,
}

impl ApiError {
    /// An error with the HTTP status of its code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { status: code.status(), code, message: message.into(), retry_after: None, limit: None }
    }

    /// The call does not exist.
    pub fn no_such_call(request: &HttpRequest) -> Self {
        Self::new(Code::NotFound, format!("{}: no such call", request.path()))
    }

    /// The answer to a request. The error names the request.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        // Two blanks, like the original service.
        self.naming(format!("{}  {}", request.method(), request.path()))
    }

    fn naming(&self, request: String) -> HttpResponse {
        let msg = self.message.chars().take(MESSAGE_CHARS).collect();
        let code = self.code as i64;
        let mut response = HttpResponse::build(self.status).json(Body { msg, code, request });
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Answered(code));
        if let Some(limit) = self.limit {
            response.extensions_mut().insert(Limited(limit.name()));
        }
        response
    }

    /// The database failed. If it is unavailable, the status is 503.
    fn database(code: Code, cause: &db::Error) -> Self {
        log::error!("a request failed: {cause}");
        let mut retry_after = None;
        let (status, message) = match cause {
            db::Error::Unavailable(_) => {
                retry_after = Some(1);
                (StatusCode::SERVICE_UNAVAILABLE, "the database is not available; nothing was done, try again")
            }
            // The client must not retry automatically.
            db::Error::InDoubt(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "the database went away before it said whether this was done")
            }
            db::Error::Query(_) | db::Error::Address(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "the database failed; nothing was done")
            }
        };
        Self { status, retry_after, ..Self::new(code, message) }
    }

    /// The service has too much to do.
    fn busy(error: &domain::Error) -> Self {
        let unavailable =
            Self { status: StatusCode::SERVICE_UNAVAILABLE, ..Self::new(Code::Failed, error.words(&Words)) };
        Self { retry_after: error.retry_seconds(), ..unavailable }
    }

    /// Converts the errors of a call on a group. Errors without a code of their own get the code of the call.
    pub fn of(call: Code) -> impl Fn(domain::Error) -> Self {
        move |error| match error {
            domain::Error::Forbidden(reason) => Self::new(call, reason.words(&Words)),
            domain::Error::Database(cause) => Self::database(call, &cause),
            other => other.into(),
        }
    }
}

/// The body of a refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = ImError)]
pub(super) struct Body {
    /// What is wrong
    msg: String,
    code: i64,
    /// The method and the path of the request
    request: String,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code as i64)
    }
}

/// The middleware of [`auth`](super::auth) adds the name of the request.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.naming(String::new())
    }
}

impl From<domain::Error> for ApiError {
    fn from(error: domain::Error) -> Self {
        use domain::Error as E;
        let code = match &error {
            E::NotFound { .. } | E::UnknownUser(_) | E::UnknownClass(_) => Code::NotFound,
            E::UnknownGroup(_) => Code::NoGroup,
            E::AlreadyMessaged(_) => Code::AlreadyMessaged,
            E::Forbidden(_)
            | E::Banned { .. }
            | E::NotInside { .. }
            | E::NotReserved { .. }
            // Waiting does not help.
            | E::LimitReached { retry_after: None, .. } => Code::Forbidden,
            E::DeadToken => Code::Auth,
            E::Invalid { .. }
            | E::UsersExist(_)
            | E::ClassNotBegun(_)
            | E::ClassInProgress(_)
            | E::ClassEnded(_)
            | E::WrongClassPassword(_)
            | E::ClassFull(_)
            | E::StageFull(_)
            | E::TooEarly { .. }
            | E::TeacherIsFixed(_) => Code::Parameter,
            E::ClassIdsUsedUp | E::NoGroups(_) => Code::Failed,
            E::LimitReached { retry_after: Some(_), .. } => Code::Limit,
            E::Busy => return Self::busy(&error),
            E::Database(cause) => return Self::database(Code::Failed, cause),
        };
        Self { retry_after: error.retry_seconds(), limit: error.limit(), ..Self::new(code, error.words(&Words)) }
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
        Self { status, ..Self::new(Code::Parameter, error.to_string()) }
    }
}

impl From<wire::Error> for ApiError {
    fn from(error: wire::Error) -> Self {
        Self::new(Code::Parameter, error.to_string())
    }
}

/// Answers calls that do not exist.
///
/// # Errors
/// Always.
pub async fn no_such_call(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    Err(ApiError::no_such_call(&request))
}
