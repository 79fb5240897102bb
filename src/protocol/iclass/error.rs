//! The error codes of the protocol, and the code of each domain error.

mod words;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db;
use crate::domain;
use crate::domain::Limit;
use crate::http::body;
use crate::http::outcome::{Answered, Limited};
use words::Words;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $meaning:literal;)+) => {
        /// `error_code`, as published with the later revision of the protocol.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $(#[doc = $meaning] $name,)+ }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The number on the wire.
            pub fn number(self) -> i64 {
                match self { $(Self::$name => $code,)+ }
            }

            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }
        }
    };
}

codes! {
    Internal = -1, "internal error, or a call that does not exist";
    NotJson = 10000, "the URL or the body can't be parsed";
    Invalid = 10003, "a parameter is missing or invalid; the message names it";
    Body = 10005, "the body is too large or could not be read";
    Database = 10202, "the database failed; HTTP 503: it is not available; HTTP 500: it went away and may have done it";
    Forbidden = 10203, "not allowed, or the enterprise's validity is over";
    Login = 10211, "too many wrong passwords; wait as long as `Retry-After` says";
    UserExists = 10214, "an id of a user is in use; `repeats` lists them";
    UnknownUser = 10215, "no such user";
    DeadToken = 10216, "the token of a component is not valid any more; sign in again";
    Signature = 10217, "the signature is missing, wrong, expired or too far ahead";
    WrongPassword = 10218, "wrong password";
    Timetable = 10220, "too late to change the teacher (strict schedules)";
    ClassIds = 10222, "no class id is left";
    InProgress = 10223, "the class is in progress";
    Ended = 10224, "the class has ended";
    ClassPassword = 10225, "wrong class password";
    NotReserved = 10226, "not in the member list";
    Full = 10227, "the class is full";
    StageFull = 10228, "as many are on stage as may be";
    UnknownClass = 10230, "no such class";
    UnknownEnterprise = 10270, "no such enterprise";
    GroupCreation = 10280, "the chat groups could not be made; no class was";
    Limit = 10290, "a limit is reached: wait as long as `Retry-After` says, or remove something if there is none";
    Busy = 10291, "the service has too much to do now; nothing was done, try again. `media/connect`: or it has no media server";
    MediaSessionOver = 10292, "the media session is over; connect with a new one";
    TooEarly = 10300, "more than one hour early (strict schedules)";
}

/// The longest `error_msg`. A message may repeat a long value of the request.
const MESSAGE_CHARS: usize = 300;

/// An error answer.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: Code,
    message: String,
    repeats: Option<Vec<String>>,
    /// For `Retry-After`, in seconds.
    retry_after: Option<u64>,
    /// The limit that refused, for the metrics.
    limit: Option<Limit>,
}

impl ApiError {
    /// An error in the form of the protocol, with HTTP 200: clients throw on any other status.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { status: StatusCode::OK, code, message: message.into(), repeats: None, retry_after: None, limit: None }
    }

    /// The error for a classroom page, which treats the code for an unreadable body as the end of its login.
    pub fn into_page(mut self) -> Self {
        if self.code == Code::NotJson {
            self.code = Code::Invalid;
        }
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The message on the wire.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// A parameter is missing or not valid.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message)
    }

    /// A refusal of `user/register`. Its clients go through both lists without asking whether they are there.
    pub fn with_lists(mut self) -> Self {
        if self.status != StatusCode::METHOD_NOT_ALLOWED {
            self.repeats.get_or_insert_default();
        }
        self
    }

    /// The database failed. If it is unavailable, the HTTP status says so to load balancers and to clients that don't read the body.
    fn database(cause: &db::Error) -> Self {
        let (status, message) = match cause {
            db::Error::Unavailable(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "the database is not available; nothing was done, try again")
            }
            // The client must not retry automatically.
            db::Error::InDoubt(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "the database went away before it said whether this was done")
            }
            db::Error::Query(_) | db::Error::Address(_) => (StatusCode::OK, "the database failed; nothing was done"),
        };
        Self { status, ..Self::new(Code::Database, message) }
    }

    /// The call does not exist.
    pub fn no_such_call(request: &HttpRequest) -> Self {
        let message = format!("{}: no such call", request.path());
        Self { status: StatusCode::NOT_FOUND, ..Self::new(Code::Internal, message) }
    }

    /// The same request may succeed after some seconds.
    pub fn after_seconds(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// The part of a list with this index is at fault.
    pub fn in_list(mut self, index: usize) -> Self {
        self.message = format!("list[{index}].{}", self.message);
        self
    }

    /// The method is not POST.
    pub fn method() -> Self {
        Self { status: StatusCode::METHOD_NOT_ALLOWED, ..Self::new(Code::Internal, "use POST") }
    }
}

/// The body of a refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = IclassRefusal)]
pub(super) struct ErrorBody<'a> {
    /// One of the error codes
    error_code: i64,
    /// The problem, with the field or id at fault
    error_msg: &'a str,
    // Clients of user/register iterate over both without checking that they exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    user_list: Option<[(); 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeats: Option<&'a [String]>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code.number())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let message: String = self.message.chars().take(MESSAGE_CHARS).collect();
        let mut response = HttpResponse::build(self.status).json(ErrorBody {
            error_code: self.code.number(),
            error_msg: &message,
            user_list: self.repeats.is_some().then_some([]),
            repeats: self.repeats.as_deref(),
        });
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Answered(self.code.number()));
        if let Some(limit) = self.limit {
            response.extensions_mut().insert(Limited(limit.name()));
        }
        response
    }
}

impl From<domain::Error> for ApiError {
    fn from(error: domain::Error) -> Self {
        use domain::Error as E;
        let code = match &error {
            E::Invalid { .. }
            | E::NotFound { .. }
            | E::UnknownGroup(_)
            | E::AlreadyMessaged(_)
            | E::ClassNotBegun(_) => Code::Invalid,
            E::Forbidden(_) | E::Banned { .. } | E::NotInside { .. } => Code::Forbidden,
            E::DeadToken => Code::DeadToken,
            E::UsersExist(_) => Code::UserExists,
            E::UnknownUser(_) => Code::UnknownUser,
            E::UnknownClass(_) => Code::UnknownClass,
            E::ClassInProgress(_) => Code::InProgress,
            E::ClassEnded(_) => Code::Ended,
            E::WrongClassPassword(_) => Code::ClassPassword,
            E::NotReserved { .. } => Code::NotReserved,
            E::ClassFull(_) => Code::Full,
            E::StageFull(_) => Code::StageFull,
            E::TooEarly { .. } => Code::TooEarly,
            E::TeacherIsFixed(_) => Code::Timetable,
            E::ClassIdsUsedUp => Code::ClassIds,
            E::NoGroups(_) => Code::GroupCreation,
            E::LimitReached { limit: Limit::WrongPasswords, .. } => Code::Login,
            E::LimitReached { .. } => Code::Limit,
            E::Busy => Code::Busy,
            E::Database(cause) => {
                log::error!("a request failed: {cause}");
                return Self { retry_after: error.retry_seconds(), ..Self::database(cause) };
            }
        };
        let (message, retry_after, limit) = (error.words(&Words), error.retry_seconds(), error.limit());
        let repeats = if let E::UsersExist(ids) = error { Some(ids) } else { None };
        Self { repeats, retry_after, limit, ..Self::new(code, message) }
    }
}

impl From<db::Error> for ApiError {
    fn from(error: db::Error) -> Self {
        domain::Error::from(error).into()
    }
}

impl From<body::Error> for ApiError {
    fn from(error: body::Error) -> Self {
        match error {
            body::Error::Busy => domain::Error::Busy.into(),
            other => Self::new(Code::Body, other.to_string()),
        }
    }
}

/// Answers calls that do not exist.
pub async fn no_such_call(request: HttpRequest) -> ApiError {
    ApiError::no_such_call(&request)
}

impl actix_web::Responder for ApiError {
    type Body = actix_web::body::BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.error_response()
    }
}
