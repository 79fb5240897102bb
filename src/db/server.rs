//! What `lectern doctor` asks a database: its version, its clock, and what the user may do.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::conn::Conn;
use super::database::Db;
use super::error::Error;

/// What a PostgreSQL server says about itself.
#[derive(Clone, Debug, QueryableByName)]
pub struct Server {
    /// Its version.
    #[diesel(sql_type = Text)]
    pub version: String,
    /// Its clock, in milliseconds since the epoch.
    #[diesel(sql_type = BigInt)]
    pub now: i64,
    /// The encoding of the database.
    #[diesel(sql_type = Text)]
    pub encoding: String,
    /// How many connections it allows.
    #[diesel(sql_type = BigInt)]
    pub connections: i64,
    /// Whether the user may create tables.
    #[diesel(sql_type = Bool)]
    pub may_create: bool,
    /// How many tables another role owns.
    #[diesel(sql_type = BigInt)]
    pub tables_of_others: i64,
    /// Whether it is a standby, which accepts no writes.
    #[diesel(sql_type = Bool)]
    pub is_standby: bool,
    /// Whether what it has confirmed survives a crash.
    #[diesel(sql_type = Bool)]
    pub is_durable: bool,
}

const SERVER: &str = "SELECT current_setting('server_version') AS version, \
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now, \
    current_setting('server_encoding') AS encoding, \
    current_setting('max_connections')::bigint AS connections, \
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create, \
    (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() \
        AND NOT pg_has_role(current_user, tableowner, 'USAGE')) AS tables_of_others, \
    pg_is_in_recovery() AS is_standby, \
    current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS is_durable";

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

impl Db {
    /// What the server says about itself; `None` for SQLite.
    ///
    /// # Errors
    /// When it is not available.
    pub fn server(&self) -> Result<Option<Server>, Error> {
        match self.opener.connect()? {
            Conn::Sqlite(_) => Ok(None),
            Conn::Postgres(mut c) => Ok(Some(diesel::sql_query(SERVER).get_result(&mut c)?)),
        }
    }

    /// The version of SQLite; `None` for a server.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn sqlite_version(&self) -> Result<Option<String>, Error> {
        match self.opener.connect()? {
            Conn::Sqlite(mut c) => {
                let found: Version = diesel::sql_query("SELECT sqlite_version() AS version").get_result(&mut c)?;
                Ok(Some(found.version))
            }
            Conn::Postgres(_) => Ok(None),
        }
    }
}
