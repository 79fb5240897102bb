//! Running queries on whichever database there is.
//!
//! diesel's own way over a multi-connection writes the text of a statement anew at every call, two or three times over, even of
//! one that is prepared already: that was a third of what a short write cost. Here a query meets the connection inside, which
//! knows most statements by their type alone.

use diesel::prelude::{PgConnection, QueryResult, SqliteConnection};
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};

use super::Conn;

/// The same on either of the connections.
macro_rules! either {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            Conn::Sqlite($inner) => $body,
            Conn::Postgres($inner) => $body,
        }
    };
}

/// What runs a statement `Q`.
pub trait Executes<Q> {
    /// Says how many rows it was about.
    ///
    /// # Errors
    /// The database's.
    fn execute(&mut self, query: Q) -> QueryResult<usize>;
}

/// What runs a query `Q` for rows that are `U`.
pub trait Loads<'query, Q, U> {
    /// All of them.
    ///
    /// # Errors
    /// The database's, or that a row is no `U`.
    fn load(&mut self, query: Q) -> QueryResult<Vec<U>>;

    /// The first of them.
    ///
    /// # Errors
    /// As [`Loads::load`]; `NotFound` when there is none.
    fn get_result(&mut self, query: Q) -> QueryResult<U>;
}

/// In place of diesel's trait of the same name, for [`Conn`] and for the connections inside.
pub trait RunQueryDsl: Sized {
    /// Runs a statement, and says how many rows it was about.
    ///
    /// # Errors
    /// The database's.
    fn execute(self, conn: &mut impl Executes<Self>) -> QueryResult<usize> {
        conn.execute(self)
    }

    /// Runs a query for all its rows.
    ///
    /// # Errors
    /// The database's, or that a row is not what was wanted.
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

    /// As [`RunQueryDsl::load`], of a query that was put together at run time (`into_boxed`): it is of no one database.
    ///
    /// # Errors
    /// As there.
    fn load_boxed<'query, U>(self, conn: &mut Conn) -> QueryResult<Vec<U>>
    where
        Self: LoadQuery<'query, Conn, U>,
    {
        diesel::RunQueryDsl::load(self, conn)
    }

    /// As [`RunQueryDsl::get_result`], of a query that was put together at run time.
    ///
    /// # Errors
    /// As there.
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

/// The connections inside run what diesel has for them.
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
