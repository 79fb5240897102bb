//! Refusals, in the form of the protocol: `{"msg", "code", "request"}`.

mod words;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;

use crate::db;
use crate::domain;
use crate::http::request_log::Answered;
use crate::http::{body, wire};
use words::Words;

/// The longest `msg`: one may repeat what was sent, which may be long.
const MESSAGE_CHARS: usize = 300;

/// `code` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Code {
    /// Lectern or its database failed; the protocol has no code for it.
    Failed = 999,
    /// A parameter is missing or not as it must be.
    Parameter = 1000,
    /// There is no such thing.
    NotFound = 1001,
    /// Who calls is not known.
    Auth = 1005,
    /// Who calls may not do this.
    Forbidden = 1008,
    /// The group was not made.
    Create = 7000,
    /// The group was not changed.
    Update = 7001,
    /// The group was not removed.
    Delete = 7002,
    /// There is no such group.
    NoGroup = 7003,
    /// The members were not added.
    AddMember = 7004,
    /// The members were not taken out.
    DeleteMember = 7005,
    /// The class was messaged today already.
    AlreadyMessaged = 7007,
}

impl Code {
    /// The HTTP status it comes with: what concerns groups comes with 200.
    fn status(self) -> StatusCode {
        match self {
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Parameter => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Auth => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
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

/// An answer that is not the one asked for.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: Code,
    message: String,
}

impl ApiError {
    /// A refusal with the HTTP status of its code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { status: code.status(), code, message: message.into() }
    }

    /// As it is answered to a request, which it names.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        // Two blanks, as the service that there was had it.
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
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(Answered(code));
        response
    }

    /// What the database's failure is told as. One that is away comes back.
    fn database(code: Code, cause: &db::Error) -> Self {
        log::error!("a request failed: {cause}");
        let (status, message) = match cause {
            db::Error::Unavailable(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "the database is not available; nothing was done, try again")
            }
            // Nobody may send it again by himself.
            db::Error::InDoubt(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "the database went away before it said whether this was done")
            }
            db::Error::Query(_) | db::Error::Address(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "the database failed; nothing was done")
            }
        };
        Self { status, ..Self::new(code, message) }
    }

    /// How a call on a group refuses: what has no code of its own is told with that of the call.
    pub fn of(call: Code) -> impl Fn(domain::Error) -> Self {
        move |error| match error {
            domain::Error::Forbidden(reason) => Self::new(call, reason.words(&Words)),
            domain::Error::Database(cause) => Self::database(call, &cause),
            other => other.into(),
        }
    }
}

#[derive(Serialize)]
struct Body {
    msg: String,
    code: i64,
    request: String,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code as i64)
    }
}

/// The middleware of [`auth`](super::auth) names the request in what it answers.
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
            E::Forbidden(_) | E::Banned { .. } | E::NotInside { .. } | E::NotReserved { .. } => Code::Forbidden,
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
            E::Database(cause) => return Self::database(Code::Failed, cause),
        };
        Self::new(code, error.words(&Words))
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

/// Answers calls that don't exist.
///
/// # Errors
/// Always.
pub async fn no_such_call(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    Err(ApiError::new(Code::NotFound, format!("{}: no such call", request.path())))
}
