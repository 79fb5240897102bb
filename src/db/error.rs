//! Why a statement, a transaction or a connection failed.

/// A failed statement; the store's functions return it.
pub use diesel::result::Error as QueryError;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statement failed.
    #[error("{0}")]
    Query(QueryError),
    /// The database is away or went away; nothing was done.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The server went away before it said whether it had committed.
    #[error("it is not known whether the transaction was committed: {0}")]
    InDoubt(String),
    /// The address is not one of SQLite or PostgreSQL, or what it names does not fit the operation.
    #[error("{0}")]
    Address(String),
}

impl Error {
    /// The reason, for a message that says already that the database is not available.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Unavailable(why) => why.clone(),
            other => other.to_string(),
        }
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        use diesel::result::DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
        match error {
            QueryError::DatabaseError(ClosedConnection | UnableToSendCommand, _)
            | QueryError::BrokenTransactionManager => Self::Unavailable(error.to_string()),
            other => Self::Query(other),
        }
    }
}
