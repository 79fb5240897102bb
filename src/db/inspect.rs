//! What the commands of operators check: whether a database exists, has the tables of this version, and is being written to.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::conn::Conn;
use super::database::Db;
use super::error::{Error, QueryError};
use super::migrations;
use super::opener::Opener;

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Of which version the tables of a database are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tables {
    /// There are none, or they are not Lectern's.
    Missing,
    /// Of an earlier version: these migrations are missing.
    Older(Vec<String>),
    /// Of this version.
    ThisVersion,
    /// Of a later version: this program does not know these migrations.
    Newer(Vec<String>),
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Db {
    /// As [`Db::open`], but does not create a file.
    ///
    /// # Errors
    /// As [`Db::open`], and [`Error::Address`] when there is no such file.
    pub fn open_existing(url: &str) -> Result<Self, Error> {
        match Opener::parse(url)? {
            Opener::Sqlite(path) if !path.exists() => Err(Error::Address(format!("there is no {}", path.display()))),
            _ => Self::open(url),
        }
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.opener {
            Opener::Sqlite(path) => Some(path),
            Opener::Postgres(_) => None,
        }
    }

    /// Whether the tables exist and are those of this version, neither an older nor a newer one.
    ///
    /// # Errors
    /// When the database is not available.
    pub fn has_this_version(&self) -> Result<bool, Error> {
        Ok(self.tables()? == Tables::ThisVersion)
    }

    /// Of which version the tables are.
    ///
    /// # Errors
    /// When the database is not available.
    pub fn tables(&self) -> Result<Tables, Error> {
        let mut conn = self.opener.connect()?;
        // Not through diesel, which would create the table in a database that may belong to another program.
        let applied = diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version")
            .load::<Version>(&mut conn);
        let applied: Vec<String> = match applied {
            Ok(applied) => applied.into_iter().map(|row| row.version).collect(),
            Err(QueryError::DatabaseError(..)) => return Ok(Tables::Missing),
            Err(e) => return Err(e.into()),
        };
        let known = migrations::versions()?;
        let without = |all: &[String], some: &[String]| -> Vec<String> {
            all.iter().filter(|version| !some.contains(version)).cloned().collect()
        };
        let (unknown, pending) = (without(&applied, &known), without(&known, &applied));
        Ok(match (unknown.is_empty(), pending.is_empty()) {
            (false, _) => Tables::Newer(unknown),
            (true, false) => Tables::Older(pending),
            (true, true) => Tables::ThisVersion,
        })
    }

    /// Begins to watch for writes of others.
    ///
    /// # Errors
    /// When the database is not available.
    pub fn watch(&self) -> Result<Watch, Error> {
        let mut conn = self.opener.connect()?;
        let seen = writes(&mut conn)?;
        Ok(Watch { conn, seen })
    }
}

/// An empty SQLite database of this version, in memory, from which the tables can be listed.
///
/// # Errors
/// When a migration fails.
pub fn blank() -> Result<Conn, Error> {
    let conn = SqliteConnection::establish(":memory:").map_err(|e| Error::Unavailable(e.to_string()))?;
    let mut conn = Conn::Sqlite(conn);
    migrations::run(&mut conn)?;
    Ok(conn)
}

/// Notices writes of other connections.
pub struct Watch {
    conn: Conn,
    seen: i64,
}

impl Watch {
    /// Whether another session was active on the server within the last two seconds, as that of a running service is, which
    /// polls for deliveries. Always false on SQLite, which keeps no list of its connections.
    ///
    /// # Errors
    /// When the database is not available.
    pub fn sees_others(&mut self) -> Result<bool, Error> {
        match &self.conn {
            Conn::Sqlite(_) => Ok(false),
            Conn::Postgres(_) => Ok(number(&mut self.conn, OTHERS)? > 0),
        }
    }

    /// Starts over: ignores what was written until now.
    ///
    /// # Errors
    /// When the database is not available.
    pub fn begin_anew(&mut self) -> Result<(), Error> {
        self.seen = writes(&mut self.conn)?;
        Ok(())
    }

    /// Whether anybody has written since the watch began. PostgreSQL shows a write once its session has reported its
    /// statistics: at the latest when the session ends, or ten seconds later.
    ///
    /// # Errors
    /// When the database is not available.
    pub fn has_seen_writes(&mut self) -> Result<bool, Error> {
        Ok(writes(&mut self.conn)? != self.seen)
    }
}

/// Counts the other sessions that were active within the last two seconds.
const OTHERS: &str = "SELECT count(*) AS number FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' \
    AND state_change > clock_timestamp() - interval '2 seconds'";

/// A number that changes when another connection writes.
fn writes(conn: &mut Conn) -> Result<i64, QueryError> {
    let sql = match conn {
        Conn::Sqlite(_) => "SELECT data_version AS number FROM pragma_data_version",
        Conn::Postgres(_) => {
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint AS number FROM pg_stat_user_tables"
        }
    };
    number(conn, sql)
}

fn number(conn: &mut Conn, sql: &str) -> Result<i64, QueryError> {
    Ok(diesel::sql_query(sql).get_result::<Number>(conn)?.number)
}
