//! The migrations, which are compiled in: a tree for each database, with the same versions.

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::Conn;
use super::error::Error;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Applies what is missing, one process at a time, and returns the versions that were applied. Refuses a database that a later
/// program has migrated: this one could not read what is in it.
pub(super) fn run(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let name = name(conn)?;
    let applied = match conn {
        // The write lock is taken before the list of migrations is read, so that two processes do not apply the same one.
        Conn::Sqlite(c) => c.immediate_transaction(|c| run_pending(c, SQLITE, &name))?,
        Conn::Postgres(c) => c.transaction(|c| {
            diesel::sql_query("SELECT pg_advisory_xact_lock(7305808)").execute(c)?;
            run_pending(c, POSTGRES, &name)
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

/// The versions that were applied and that this program does not have, the oldest first.
pub(super) fn unknown(conn: &mut Conn) -> Result<Vec<String>, Error> {
    match conn {
        Conn::Sqlite(c) => unknown_to(c),
        Conn::Postgres(c) => unknown_to(c),
    }
}

/// The versions that were applied.
pub(super) fn applied(conn: &mut Conn) -> Result<Vec<String>, Error> {
    match conn {
        Conn::Sqlite(c) => applied_to(c),
        Conn::Postgres(c) => applied_to(c),
    }
}

fn unknown_to<DB: diesel::backend::Backend>(conn: &mut impl MigrationHarness<DB>) -> Result<Vec<String>, Error> {
    let (mut unknown, known) = (applied_to(conn)?, versions()?);
    unknown.retain(|version| !known.contains(version));
    unknown.sort();
    Ok(unknown)
}

fn applied_to<DB: diesel::backend::Backend>(conn: &mut impl MigrationHarness<DB>) -> Result<Vec<String>, Error> {
    let applied = conn.applied_migrations().map_err(|e| Error::Unavailable(e.to_string()))?;
    Ok(applied.iter().map(ToString::to_string).collect())
}

/// The file, or the name of the database on its server.
fn name(conn: &mut Conn) -> Result<String, Error> {
    #[derive(QueryableByName)]
    struct Name {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let (sql, kind) = match conn {
        Conn::Sqlite(_) => ("SELECT file AS name FROM pragma_database_list WHERE name = 'main'", ""),
        Conn::Postgres(_) => ("SELECT current_database()::text AS name", "the database "),
    };
    let found: Name = diesel::sql_query(sql).get_result(conn)?;
    Ok(format!("{kind}{}", found.name))
}

fn run_pending<C, DB>(
    conn: &mut C,
    all: EmbeddedMigrations,
    name: &str,
) -> Result<Vec<MigrationVersion<'static>>, Error>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let unknown = unknown_to(conn)?;
    if !unknown.is_empty() {
        let newest = versions()?.pop().unwrap_or_default();
        return Err(Error::Address(format!(
            "{name} is of a later version: it has the migrations {}, and the newest that lectern {} knows is {newest}; run \
             the version that made them, or restore a backup",
            unknown.join(", "),
            env!("CARGO_PKG_VERSION"),
        )));
    }
    match conn.run_pending_migrations(all) {
        Ok(done) => Ok(done.into_iter().map(|v| v.as_owned()).collect()),
        Err(e) => Err(Error::Unavailable(format!("migration: {e}"))),
    }
}
