//! Databases of a version before: dumps of a school that one of commit 906081a had, with rows in every table.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::database::Database;

/// Of SQLite's shell: `.dump`.
pub const SQLITE: &str = include_str!("upgrade/sqlite.sql");
/// Of `pg_dump --inserts`, without its comments and the commands of psql.
pub const POSTGRES: &str = include_str!("upgrade/postgres.sql");

/// When the dumps were made, in seconds: a minute after the school began.
pub const MADE: i64 = 1_700_000_060;

/// A SQLite file as the version before left it.
pub fn in_file() -> Database {
    let database = Database::in_file();
    let path = database.url.strip_prefix("sqlite://").unwrap();
    SqliteConnection::establish(path).unwrap().batch_execute(SQLITE).unwrap();
    database
}

/// A database on the server as the version before left it.
pub fn on_server() -> Database {
    let database = Database::on_server().expect("TEST_POSTGRES_URL names no server");
    PgConnection::establish(&database.url).unwrap().batch_execute(POSTGRES).unwrap();
    database
}
