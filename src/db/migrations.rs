//! The migrations, which are compiled in: a tree for each database, with the same versions.

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::Conn;
use super::error::Error;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Applies what is missing, one process at a time, and returns the versions that were applied.
pub(super) fn run(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let applied = match conn {
        // The write lock is taken before the list of migrations is read, so that two processes do not apply the same one.
        Conn::Sqlite(c) => c.immediate_transaction(|c| run_pending(c, SQLITE))?,
        Conn::Postgres(c) => c.transaction(|c| {
            diesel::sql_query("SELECT pg_advisory_xact_lock(7305808)").execute(c)?;
            run_pending(c, POSTGRES)
        })?,
    };
    Ok(applied.iter().map(ToString::to_string).collect())
}

/// Whether the tables lack a migration.
pub(super) fn is_pending(conn: &mut Conn) -> Result<bool, Error> {
    let pending = match conn {
        Conn::Sqlite(c) => c.has_pending_migration(SQLITE),
        Conn::Postgres(c) => c.has_pending_migration(POSTGRES),
    };
    pending.map_err(|e| Error::Unavailable(e.to_string()))
}

/// The versions of both trees, the oldest first.
pub(super) fn versions() -> Result<Vec<String>, Error> {
    let all: Vec<Box<dyn Migration<Sqlite>>> =
        SQLITE.migrations().map_err(|e| Error::Unavailable(format!("migrations: {e}")))?;
    let mut versions: Vec<String> = all.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

fn run_pending<C, DB>(conn: &mut C, all: EmbeddedMigrations) -> Result<Vec<MigrationVersion<'static>>, Error>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    match conn.run_pending_migrations(all) {
        Ok(done) => Ok(done.into_iter().map(|v| v.as_owned()).collect()),
        Err(e) => Err(Error::Unavailable(format!("migration: {e}"))),
    }
}
