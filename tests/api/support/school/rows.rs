//! Queries the database of a school directly.

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};

/// The rows of a query in either kind of database.
macro_rules! rows_of {
    ($database_url:expr, $sql:expr) => {
        match $database_url.strip_prefix("sqlite://") {
            None => diesel::sql_query($sql).load(&mut PgConnection::establish($database_url).unwrap()).unwrap(),
            Some(file) => {
                let mut conn = SqliteConnection::establish(file).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
                diesel::sql_query($sql).load(&mut conn).unwrap()
            }
        }
    };
}

/// The claimed rows.
#[derive(QueryableByName)]
pub struct Claim {
    #[diesel(sql_type = BigInt)]
    pub event_id: i64,
    #[diesel(sql_type = BigInt)]
    pub lease_until: i64,
}

/// A count.
#[derive(QueryableByName)]
pub struct Number {
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

/// The claimed deliveries in a database.
pub fn claims_in(database_url: &str) -> Vec<Claim> {
    rows_of!(database_url, "SELECT event_id, lease_until FROM deliveries WHERE state = 'claimed'")
}

/// The numbers that a query returns.
pub fn numbers_in(database_url: &str, sql: &str) -> Vec<i64> {
    let rows: Vec<Number> = rows_of!(database_url, sql);
    rows.into_iter().map(|row| row.number).collect()
}
