//! The connection to either database.

use diesel::prelude::*;

/// A connection to either database. Match on it only where their SQL differs.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// A SQLite file.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Postgres(PgConnection),
}
