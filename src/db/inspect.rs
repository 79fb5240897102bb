//! What operators' commands ask of a database as a whole: whether it is there, of this version, and being written to.

use std::path::Path;

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::opener::Opener;
use super::{Conn, Db, Error, QueryError, SQLITE};

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Db {
    /// As [`Db::open`], but makes no file.
    ///
    /// # Errors
    /// As [`Db::open`], and [`Error::Address`] when there is no such file.
    pub fn open_existing(url: &str) -> Result<Self, Error> {
        match Opener::parse(url)? {
            Opener::Sqlite(path) if !path.exists() => Err(Error::Address(format!("there is no {}", path.display()))),
            _ => Self::open(url),
        }
    }

    /// The file of an embedded database.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.opener {
            Opener::Sqlite(path) => Some(path),
            Opener::Postgres(_) => None,
        }
    }

    /// Whether the tables are those of this version: neither of an older one nor of a newer one, and there at all.
    ///
    /// # Errors
    /// When the database is away.
    pub fn has_this_version(&self) -> Result<bool, Error> {
        let mut conn = self.opener.connect()?;
        // Asked in SQL: diesel would make the table when it is missing, in a database that may be another's.
        let applied = diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version")
            .load::<Version>(&mut conn);
        match applied {
            Ok(applied) => Ok(applied.into_iter().map(|row| row.version).eq(versions()?)),
            Err(QueryError::DatabaseError(..)) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    /// Begins to watch whether anybody writes.
    ///
    /// # Errors
    /// When the database is away.
    pub fn watch(&self) -> Result<Watch, Error> {
        let mut conn = self.opener.connect()?;
        let seen = writes(&mut conn)?;
        Ok(Watch { conn, seen })
    }
}

/// The versions of both migration trees, which have the same, oldest first.
fn versions() -> Result<Vec<String>, Error> {
    let all: Vec<Box<dyn Migration<Sqlite>>> =
        SQLITE.migrations().map_err(|e| Error::Unavailable(format!("migrations: {e}")))?;
    let mut versions: Vec<String> = all.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

/// An empty embedded database of this version, in memory: it says what the tables are.
///
/// # Errors
/// When a migration fails.
pub fn blank() -> Result<Conn, Error> {
    let mut conn = SqliteConnection::establish(":memory:").map_err(|e| Error::Unavailable(e.to_string()))?;
    super::run_pending(&mut conn, SQLITE)?;
    Ok(Conn::Sqlite(conn))
}

/// Sees writes of others.
pub struct Watch {
    conn: Conn,
    seen: i64,
}

impl Watch {
    /// Whether somebody else is at work on the server, as a service is that runs: it looks for deliveries all the time. Of
    /// an embedded database this can't be told.
    ///
    /// # Errors
    /// When the database is away.
    pub fn sees_others(&mut self) -> Result<bool, Error> {
        match &self.conn {
            Conn::Sqlite(_) => Ok(false),
            Conn::Postgres(_) => Ok(number(&mut self.conn, OTHERS)? > 0),
        }
    }

    /// Begins anew: what was written until now is passed over.
    ///
    /// # Errors
    /// When the database is away.
    pub fn begin_anew(&mut self) -> Result<(), Error> {
        self.seen = writes(&mut self.conn)?;
        Ok(())
    }

    /// Whether anybody has written since this began. On PostgreSQL a write shows when its session reports it: at the latest
    /// when it ends, or ten seconds later.
    ///
    /// # Errors
    /// When the database is away.
    pub fn has_seen_writes(&mut self) -> Result<bool, Error> {
        Ok(writes(&mut self.conn)? != self.seen)
    }
}

/// Sessions of others that did something a moment ago.
const OTHERS: &str = "SELECT count(*) AS number FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' \
    AND state_change > clock_timestamp() - interval '2 seconds'";

/// A number that is another one after somebody else wrote.
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
