//! Running queries on either database.
//!
//! diesel's own `RunQueryDsl` over a `MultiConnection` builds the SQL text at every call, two or three times, even for a
//! statement that is prepared already: a third of the cost of a short write. Here the query runs on the inner connection, which
//! finds most prepared statements by their type.

use diesel::prelude::{PgConnection, QueryResult, SqliteConnection};
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};

use super::conn::Conn;

/// Runs the same code on the connection inside, whichever it is.
macro_rules! either {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            Conn::Sqlite($inner) => $body,
            Conn::Postgres($inner) => $body,
        }
    };
}

/// A connection that runs the statement `Q`.
pub trait Executes<Q> {
    /// Runs it and returns the number of rows.
    ///
    /// # Errors
    /// The database's.
    fn execute(&mut self, query: Q) -> QueryResult<usize>;
}

/// A connection that runs the query `Q`, whose rows are `U`.
pub trait Loads<'query, Q, U> {
    /// All rows.
    ///
    /// # Errors
    /// The database's, or that a row can't be read as `U`.
    fn load(&mut self, query: Q) -> QueryResult<Vec<U>>;

    /// The first row.
    ///
    /// # Errors
    /// As [`Loads::load`]; `NotFound` when there is none.
    fn get_result(&mut self, query: Q) -> QueryResult<U>;
}

/// In place of diesel's trait of the same name, for [`Conn`] and for the connections inside.
pub trait RunQueryDsl: Sized {
    /// Runs a statement and returns the number of rows.
    ///
    /// # Errors
    /// The database's.
    fn execute(self, conn: &mut impl Executes<Self>) -> QueryResult<usize> {
        conn.execute(self)
    }

    /// Runs a query for all its rows.
    ///
    /// # Errors
    /// The database's, or that a row can't be read as `U`.
    fn load<'query, U>(self, conn: &mut impl Loads<'query, Self, U>) -> QueryResult<Vec<U>> {
        conn.load(self)
    }

    /// Runs a statement for all the rows that it returns.
    ///
    /// # Errors
    /// As [`RunQueryDsl::load`].
    fn get_results<'query, U>(self, conn: &mut impl Loads<'query, Self, U>) -> QueryResult<Vec<U>> {
        conn.load(self)
    }

    /// Runs a query for its first row.
    ///
    /// # Errors
    /// As [`RunQueryDsl::load`]; `NotFound` when there is none.
    fn get_result<'query, U>(self, conn: &mut impl Loads<'query, Self, U>) -> QueryResult<U> {
        conn.get_result(self)
    }

    /// As [`RunQueryDsl::load`], for a query that was built at run time (`into_boxed`) and so is tied to neither database.
    ///
    /// # Errors
    /// As for that one.
    fn load_boxed<'query, U>(self, conn: &mut Conn) -> QueryResult<Vec<U>>
    where
        Self: LoadQuery<'query, Conn, U>,
    {
        diesel::RunQueryDsl::load(self, conn)
    }

    /// As [`RunQueryDsl::get_result`], for a query that was built at run time.
    ///
    /// # Errors
    /// As for that one.
    fn get_result_boxed<'query, U>(self, conn: &mut Conn) -> QueryResult<U>
    where
        Self: LoadQuery<'query, Conn, U>,
    {
        diesel::RunQueryDsl::get_result(self, conn)
    }
}

impl<Q> RunQueryDsl for Q {}

impl<Q> Executes<Q> for Conn
where
    Q: diesel::RunQueryDsl<SqliteConnection> + ExecuteDsl<SqliteConnection>,
    Q: diesel::RunQueryDsl<PgConnection> + ExecuteDsl<PgConnection>,
{
    fn execute(&mut self, query: Q) -> QueryResult<usize> {
        either!(self, conn => diesel::RunQueryDsl::execute(query, conn))
    }
}

impl<'query, Q, U> Loads<'query, Q, U> for Conn
where
    Q: LoadQuery<'query, SqliteConnection, U> + LoadQuery<'query, PgConnection, U>,
{
    fn load(&mut self, query: Q) -> QueryResult<Vec<U>> {
        either!(self, conn => diesel::RunQueryDsl::load(query, conn))
    }

    fn get_result(&mut self, query: Q) -> QueryResult<U> {
        either!(self, conn => diesel::RunQueryDsl::get_result(query, conn))
    }
}

/// The inner connections run queries as diesel does.
macro_rules! runs {
    ($($connection:ty),+) => {$(
        impl<Q: diesel::RunQueryDsl<$connection> + ExecuteDsl<$connection>> Executes<Q> for $connection {
            fn execute(&mut self, query: Q) -> QueryResult<usize> {
                diesel::RunQueryDsl::execute(query, self)
            }
        }

        impl<'query, Q: LoadQuery<'query, $connection, U>, U> Loads<'query, Q, U> for $connection {
            fn load(&mut self, query: Q) -> QueryResult<Vec<U>> {
                diesel::RunQueryDsl::load(query, self)
            }

            fn get_result(&mut self, query: Q) -> QueryResult<U> {
                diesel::RunQueryDsl::get_result(query, self)
            }
        }
    )+};
}

runs!(SqliteConnection, PgConnection);
