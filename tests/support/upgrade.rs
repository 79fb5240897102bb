//! Databases of the previous version: dumps of a school that the program of commit 041cf12 made, with rows in every table.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::database::Database;

/// The output of `.dump` in the SQLite shell.
pub const SQLITE: &str = include_str!("upgrade/sqlite.sql");
/// The output of `pg_dump --inserts`, without comments and psql commands.
pub const POSTGRES: &str = include_str!("upgrade/postgres.sql");

/// The time of the dumps, in seconds: a minute after the school began.
pub const MADE: i64 = 1_700_000_060;

/// A SQLite file of the previous version.
pub fn in_file() -> Database {
    let database = Database::in_file();
    let path = database.url.strip_prefix("sqlite://").unwrap();
    SqliteConnection::establish(path).unwrap().batch_execute(SQLITE).unwrap();
    database
}

/// A database of the previous version on the server.
pub fn on_server() -> Database {
    let database = Database::on_server().expect("TEST_POSTGRES_URL names no server");
    PgConnection::establish(&database.url).unwrap().batch_execute(POSTGRES).unwrap();
    database
}
