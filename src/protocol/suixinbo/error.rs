//! The error codes of the protocol, and the code of each domain error.

mod words;

use crate::db;
use crate::domain;
use crate::domain::Limit;
use crate::http::body;
use words::Words;

/// `errorCode`. The codes from 10101 are not in the document, but used by the reference server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// No such command, or the body could not be read.
    Request,
    /// The body is not JSON.
    NotJson,
    /// A field is missing or not valid. The message names it.
    Field,
    /// The id is taken.
    AccountExists,
    /// The account does not exist.
    NoAccount,
    /// Wrong password.
    Password,
    /// The token was already signed out.
    SignedOut,
    /// The token is no longer valid.
    DeadToken,
    /// The room does not exist.
    NoRoom,
    /// Not allowed.
    Forbidden,
    /// Not allowed in the current state of the room.
    RoomState,
    /// The file is already bound.
    Bound,
    /// The file is not bound.
    NotBound,
    /// The user is not in the room.
    NotInside,
    /// A limit is reached.
    Limit,
    /// The service has too much to do now. Nothing was done.
    Busy,
    /// The service failed.
    Internal,
}

impl Code {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        match self {
            Self::Request => 10001,
            Self::NotJson => 10002,
            Self::Field => 10003,
            Self::AccountExists => 10004,
            Self::NoAccount => 10005,
            Self::Password => 10006,
            Self::SignedOut => 10008,
            Self::DeadToken => 10009,
            Self::NoRoom => 10010,
            Self::Forbidden => 10101,
            Self::RoomState => 10102,
            Self::Bound => 10104,
            Self::NotBound => 10105,
            Self::NotInside => 10107,
            Self::Limit => 10108,
            Self::Busy => 10109,
            Self::Internal => 90000,
        }
    }
}

/// The longest `errorInfo`. It may repeat a long value of the request.
const MESSAGE_CHARS: usize = 300;

/// An error answer.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: Code,
    message: String,
    /// For `Retry-After`, in seconds.
    retry_after: Option<u64>,
    /// The limit that refused, for the metrics.
    limit: Option<Limit>,
}

impl ApiError {
    /// An error with a message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self { code, message: message.chars().take(MESSAGE_CHARS).collect(), retry_after: None, limit: None }
    }

    /// A field is missing or empty.
    pub fn lacking(field: &str) -> Self {
        Self::new(Code::Field, format!("Lack of {field}"))
    }

    /// A field has a value that is not valid.
    pub fn invalid(field: &str, problem: &str) -> Self {
        Self::new(Code::Field, format!("Invalid {field}: {problem}"))
    }

    /// The code on the wire.
    pub fn code(&self) -> i64 {
        self.code.number()
    }

    /// The message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The seconds for `Retry-After`.
    pub fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    /// The limit that refused.
    pub fn limit(&self) -> Option<Limit> {
        self.limit
    }

    /// The service has no such command.
    pub fn no_such_command() -> Self {
        Self::new(Code::Request, "svc, cmd: no such command")
    }
}

impl From<domain::Error> for ApiError {
    fn from(error: domain::Error) -> Self {
        use domain::Error as E;
        let code = match &error {
            E::Invalid { .. } | E::NotFound { .. } | E::UnknownGroup(_) | E::AlreadyMessaged(_) => Code::Field,
            E::UsersExist(_) => Code::AccountExists,
            E::UnknownUser(_) => Code::NoAccount,
            E::DeadToken => Code::DeadToken,
            E::UnknownClass(_) => Code::NoRoom,
            E::Forbidden(_)
            | E::WrongClassPassword(_)
            | E::NotReserved { .. }
            | E::Banned { .. }
            | E::TooEarly { .. }
            | E::TeacherIsFixed(_) => Code::Forbidden,
            E::ClassNotBegun(_) | E::ClassInProgress(_) | E::ClassEnded(_) | E::ClassFull(_) | E::StageFull(_) => {
                Code::RoomState
            }
            E::NotInside { .. } => Code::NotInside,
            E::ClassIdsUsedUp | E::NoGroups(_) => Code::Internal,
            E::LimitReached { .. } => Code::Limit,
            E::Busy => Code::Busy,
            E::Database(cause) => {
                log::error!("a request failed: {cause}");
                return Self { retry_after: error.retry_seconds(), ..Self::database(cause) };
            }
        };
        Self { retry_after: error.retry_seconds(), limit: error.limit(), ..Self::new(code, error.words(&Words)) }
    }
}

impl ApiError {
    fn database(cause: &db::Error) -> Self {
        let message = match cause {
            db::Error::Unavailable(_) => "the database is not available; nothing was done, try again",
            db::Error::InDoubt(_) => "the database went away before it said whether this was done",
            db::Error::Query(_) | db::Error::Address(_) => "the database failed; nothing was done",
        };
        Self::new(Code::Internal, message)
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
            other => Self::new(Code::Request, other.to_string()),
        }
    }
}
