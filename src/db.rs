//! Where the rows are: an embedded SQLite file or a PostgreSQL server behind one connection type.
//!
//! [`Db::read`] sees one snapshot, [`Db::write`] is one transaction that is durable when it returns. Only this module and
//! `store` know diesel; only this module knows which of the two databases serves.

mod backup;
mod bell;
mod conn;
mod inspect;
mod opener;
mod reader;
mod versions;
mod writer;

use std::sync::Arc;

use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use backup::check_file;
pub use bell::{Bell, ring_at_commit};
pub use conn::Conn;
pub use inspect::{Watch, blank};
use opener::Opener;
pub use versions::{Versions, changes};
use writer::Writer;

/// A failed statement; the store's functions return it.
pub use diesel::result::Error as QueryError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Connections for slow reads on SQLite, and for everything on PostgreSQL.
const POOL_SIZE: u32 = 8;

/// Runs one diesel expression on the connection that is there: for what diesel's multi-connection does not offer
/// (`on_conflict`, batch inserts) though both databases have it.
#[macro_export]
macro_rules! on_either {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($inner) => $body,
            $crate::db::Conn::Postgres($inner) => $body,
        }
    };
}

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statement failed.
    #[error("{0}")]
    Query(#[from] QueryError),
    /// No statement could be run, or none that ran is known to be durable.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The address names no database of ours.
    #[error("{0}")]
    Address(String),
}

/// The database of one process. Clones share it.
#[derive(Clone)]
pub struct Db {
    opener: Opener,
    pool: Pool<Opener>,
    bell: Bell,
    versions: Versions,
    /// What is special about SQLite: one thread that writes, and reads on the calling thread.
    embedded: Option<Embedded>,
}

#[derive(Clone)]
struct Embedded {
    reader: reader::Reader,
    writer: Arc<Writer>,
}

impl Db {
    /// Opens `sqlite://path` (the file and its folder are made when missing) or `postgres://…`. A server that is away is
    /// no error here: it is asked again at each use.
    ///
    /// # Errors
    /// [`Error::Address`] for another kind of address, [`Error::Unavailable`] when the file can't be opened.
    pub fn open(url: &str) -> Result<Self, Error> {
        let opener = Opener::parse(url)?;
        let (bell, versions) = (Bell::default(), Versions::default());
        let embedded = match &opener {
            Opener::Sqlite(_) => Some(Embedded {
                writer: Arc::new(Writer::start(opener.clone(), bell.clone(), versions.clone())?),
                reader: reader::Reader::new(opener.clone()),
            }),
            Opener::Postgres(_) => None,
        };
        let pool = Pool::builder()
            .max_size(POOL_SIZE)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(std::time::Duration::from_secs(5))
            .build_unchecked(opener.clone());
        Ok(Self { opener, pool, bell, versions, embedded })
    }

    /// Brings the tables to this version. Any number of processes may call it at once: one does it, the others wait.
    ///
    /// # Errors
    /// When the database is away or a migration fails; what it had done is then undone.
    pub fn migrate(&self) -> Result<Vec<String>, Error> {
        let mut conn = self.opener.connect()?;
        let applied = match &mut conn {
            Conn::Sqlite(c) => {
                // Taken before the list of migrations is read, so that two processes do not both see it short.
                c.immediate_transaction(|c| run_pending(c, SQLITE))?
            }
            Conn::Postgres(c) => c.transaction(|c| {
                diesel::sql_query("SELECT pg_advisory_xact_lock(7305808)").execute(c)?;
                run_pending(c, POSTGRES)
            })?,
        };
        Ok(applied.iter().map(ToString::to_string).collect())
    }

    /// Runs a short read. On SQLite it runs on the calling thread, which it holds for some microseconds.
    ///
    /// # Errors
    /// What `f` refuses with, or the database's own error.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.embedded {
            Some(embedded) => embedded.reader.run(f),
            None => self.read_slow(f).await,
        }
    }

    /// Runs a read that may take milliseconds (a list, a total) on a thread of its own.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn read_slow<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.on_pool(|conn| snapshot(conn, f)).await
    }

    /// Runs `f` in a transaction. When this returns `Ok`, what it wrote is durable; when it returns `Err`, nothing of it is
    /// there.
    ///
    /// # Errors
    /// What `f` refuses with, or the database's own error.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if let Some(embedded) = &self.embedded {
            return embedded.writer.run(f).await;
        }
        let (bell, versions) = (self.bell.clone(), self.versions.clone());
        self.on_pool(move |conn| {
            let result = transaction(conn, f);
            versions.transaction_ended();
            bell.transaction_ended(result.is_ok());
            result
        })
        .await
    }

    /// Whether this process has the database to itself.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// Tells of commits that left something to do.
    #[must_use]
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Tells whether what was read may be kept.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// Whether the database answers and has the tables of this version.
    ///
    /// # Errors
    /// What is wrong, for an operator to read.
    pub async fn check(&self) -> Result<(), Error> {
        self.on_pool(|conn| {
            let missing = match conn {
                Conn::Sqlite(c) => c.has_pending_migration(SQLITE),
                Conn::Postgres(c) => c.has_pending_migration(POSTGRES),
            };
            match missing {
                Ok(false) => Ok(()),
                Ok(true) => Err(Error::Unavailable("its tables are of another version".into())),
                Err(e) => Err(Error::Unavailable(e.to_string())),
            }
        })
        .await
    }

    async fn on_pool<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let pool = self.pool.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut conn = pool.get().map_err(|e| Error::Unavailable(e.to_string()))?;
            f(&mut conn)
        });
        done.await.unwrap_or_else(|_| Err(Error::Unavailable("the work on it broke off".into()).into()))
    }
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

/// `f` in a transaction of its own, or in a savepoint of the one that is open.
fn transaction<T, E: From<Error>>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    conn.transaction(|conn| f(conn).map_err(Failure::Refused)).map_err(Failure::into_inner)
}

/// `f` with one view of the data, however many statements it needs.
fn snapshot<T, E: From<Error>>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    transaction(conn, |conn| {
        if let Conn::Postgres(c) = conn {
            diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .execute(c)
                .map_err(Error::from)?;
        }
        f(conn)
    })
}

/// Carries the caller's own error through diesel's transaction, which wants one that diesel's converts into.
enum Failure<E> {
    Refused(E),
    Database(QueryError),
}

impl<E> From<QueryError> for Failure<E> {
    fn from(error: QueryError) -> Self {
        Self::Database(error)
    }
}

impl<E: From<Error>> Failure<E> {
    fn into_inner(self) -> E {
        match self {
            Self::Refused(error) => error,
            Self::Database(error) => Error::Query(error).into(),
        }
    }
}
