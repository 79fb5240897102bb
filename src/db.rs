//! Where the rows are: an embedded SQLite file or a PostgreSQL server behind one connection type.
//!
//! [`Db::read`] sees one snapshot, [`Db::write`] is one transaction that is durable when it returns. Only this module and
//! `store` know diesel; only this module knows which of the two databases serves.

mod backup;
mod conn;
mod inspect;
mod notifier;
mod opener;
mod pool;
mod reader;
mod run;
mod versions;
mod writer;

use std::sync::Arc;

use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::sync::watch;

pub use backup::check_file;
pub use conn::Conn;
pub use inspect::{Watch, blank};
use notifier::Hooks;
pub use notifier::{Key, Notifier, PackedKey, Topic};
use opener::Opener;
use pool::Pool;
pub use versions::{Versions, changes};
use writer::{Urgency, Writer};

/// What a file with queries imports: diesel's own, but for how they are run.
pub mod prelude {
    pub use super::run::RunQueryDsl;
    pub use diesel::prelude::*;
}

/// A failed statement; the store's functions return it.
pub use diesel::result::Error as QueryError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statement failed.
    #[error("{0}")]
    Query(QueryError),
    /// The database is away or went away; nothing was done.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The server went away before it said whether it had committed.
    #[error("it is not known whether the transaction was committed: {0}")]
    InDoubt(String),
    /// The address names no database of ours.
    #[error("{0}")]
    Address(String),
}

impl Error {
    /// What an operator reads beside that the database is not available.
    fn reason(&self) -> String {
        match self {
            Self::Unavailable(why) => why.clone(),
            other => other.to_string(),
        }
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        use diesel::result::DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
        match error {
            QueryError::DatabaseError(ClosedConnection | UnableToSendCommand, _)
            | QueryError::BrokenTransactionManager => Self::Unavailable(error.to_string()),
            other => Self::Query(other),
        }
    }
}

/// The database of one process. Clones share it.
#[derive(Clone)]
pub struct Db {
    opener: Opener,
    pool: Pool,
    hooks: Hooks,
    versions: Versions,
    /// Why nothing is let through yet.
    obstacle: Arc<watch::Sender<Option<String>>>,
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
        let (hooks, versions) = (Hooks::default(), Versions::default());
        let embedded = match &opener {
            Opener::Sqlite(_) => Some(Embedded {
                writer: Arc::new(Writer::start(opener.clone(), hooks.clone(), versions.clone())?),
                reader: reader::Reader::new(opener.clone()),
            }),
            Opener::Postgres(_) => None,
        };
        let pool = Pool::new(opener.clone(), hooks.clone(), versions.clone());
        Ok(Self { opener, pool, hooks, versions, obstacle: Arc::default(), embedded })
    }

    /// Lets nothing through before [`Db::migrate`] has gone well: for a service that may start before its database server.
    #[must_use]
    pub fn until_migrated(self) -> Self {
        self.obstacle.send_replace(Some("its tables were not looked at yet".into()));
        self
    }

    /// Waits until something can be let through.
    pub async fn migrated(&self) {
        // The sender lives as long as this, so the wait can't break off.
        drop(self.obstacle.subscribe().wait_for(Option::is_none).await);
    }

    /// Brings the tables to this version. Any number of processes may call it at once: one does it, the others wait.
    ///
    /// # Errors
    /// When the database is away or a migration fails; what it had done is then undone.
    pub fn migrate(&self) -> Result<Vec<String>, Error> {
        let migrated = self.run_migrations();
        self.obstacle.send_modify(|obstacle| {
            *obstacle = migrated.as_ref().err().filter(|_| obstacle.is_some()).map(Error::reason);
        });
        migrated
    }

    fn run_migrations(&self) -> Result<Vec<String>, Error> {
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
        self.on_pool(|conn| {
            one_view(conn)?;
            f(conn)
        })
        .await
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
        match &self.embedded {
            Some(embedded) => embedded.writer.run(Urgency::Urgent, f).await,
            None => self.on_pool(f).await,
        }
    }

    /// As [`Db::write`], for what can wait: on SQLite, while its one writer has hardly any rest, it is put off for up to
    /// half a second.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_patiently<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.embedded {
            Some(embedded) => embedded.writer.run(Urgency::CanWait, f).await,
            None => self.on_pool(f).await,
        }
    }

    /// Whether this process has the database to itself.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// Waits for commits of this process that left work of a topic. All notifiers of a topic share what is left.
    #[must_use]
    pub fn notifier<K: Key>(&self, topic: &Topic<K>) -> Notifier<K> {
        self.hooks.notifier(topic)
    }

    /// Says whether what was read may be kept.
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
        if let Some(why) = &*self.obstacle.borrow() {
            return Err(Error::Unavailable(why.clone()).into());
        }
        self.pool.run(f).await
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

/// Gives a transaction that begins one view of the data, however many statements it needs; on SQLite it has.
fn one_view(conn: &mut Conn) -> Result<(), Error> {
    if let Conn::Postgres(c) = conn {
        diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(c)?;
    }
    Ok(())
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
            Self::Database(error) => Error::from(error).into(),
        }
    }
}
