//! The connection to either database.

use diesel::prelude::*;

/// A connection to either database. Match on it only where their SQL differs.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// The server.
    Postgres(PgConnection),
}
