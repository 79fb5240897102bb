//! Transactions whose closures fail with an error of the caller's own.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::{Error, QueryError};

/// Runs `f` in a transaction of its own, or in a savepoint of the one that is open.
pub(super) fn transaction<T, E: From<Error>>(
    conn: &mut Conn,
    f: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    conn.transaction(|conn| f(conn).map_err(Failure::Refused)).map_err(Failure::into_inner)
}

/// Carries the caller's own error through diesel's `transaction`, whose error type has to be made from diesel's.
enum Failure<E> {
    Refused(E),
    Database(QueryError),
}

impl<E> From<QueryError> for Failure<E> {
    fn from(error: QueryError) -> Self {
        Self::Database(error)
    }
}

impl<E: From<Error>> Failure<E> {
    fn into_inner(self) -> E {
        match self {
            Self::Refused(error) => error,
            Self::Database(error) => Error::from(error).into(),
        }
    }
}
