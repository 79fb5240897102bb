//! The database of a process: short reads, slow reads, writes and migrations, on SQLite or PostgreSQL.

use std::sync::Arc;

use tokio::sync::watch;

use super::conn::Conn;
use super::error::Error;
use super::meter::Meter;
use super::migrations;
use super::notifier::{Hooks, Key, Notifier, Topic};
use super::opener::Opener;
use super::pool::{Pool, Purpose};
use super::reader::Reader;
use super::shared_reads::SharedReads;
use super::versions::Versions;
use super::writer::{Urgency, Writer};

/// The usual number of connections in the pool.
pub const CONNECTIONS: u32 = 8;

/// How long a read takes, which decides where it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Some microseconds: see [`Db::read`].
    Short,
    /// Perhaps milliseconds: see [`Db::read_slow`].
    Long,
}

/// The database of one process. Clones share it.
#[derive(Clone)]
pub struct Db {
    pub(super) opener: Opener,
    pub(super) pool: Pool,
    shared_reads: SharedReads,
    pub(super) meter: Meter,
    hooks: Hooks,
    versions: Versions,
    /// Why every operation is refused, until the tables are migrated.
    obstacle: Arc<watch::Sender<Option<String>>>,
    /// On SQLite: the thread that writes, and the connections that read on the calling thread.
    embedded: Option<Embedded>,
}

#[derive(Clone)]
struct Embedded {
    reader: Reader,
    writer: Arc<Writer>,
}

impl Db {
    /// Opens `sqlite://path` (the file and its folder are made when missing) or `postgres://…`. A server that does not answer is
    /// no error here: each use tries again.
    ///
    /// # Errors
    /// [`Error::Address`] for another kind of address, [`Error::Unavailable`] when the file can't be opened.
    pub fn open(url: &str) -> Result<Self, Error> {
        Self::open_with(url, CONNECTIONS)
    }

    /// As [`Db::open`], with at most so many connections in the pool: for everything on PostgreSQL, for slow reads on SQLite.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open_with(url: &str, connections: u32) -> Result<Self, Error> {
        let opener = Opener::parse(url)?;
        let (hooks, versions, meter) = (Hooks::default(), Versions::default(), Meter::default());
        let embedded = match &opener {
            Opener::Sqlite(_) => Some(Embedded {
                writer: Arc::new(Writer::start(opener.clone(), hooks.clone(), versions.clone(), meter.clone())?),
                reader: Reader::new(opener.clone()),
            }),
            Opener::Postgres(_) => None,
        };
        let pool = Pool::new(opener.clone(), connections, hooks.clone(), versions.clone(), meter.clone());
        let shared_reads = SharedReads::new(pool.clone(), connections);
        Ok(Self { opener, pool, shared_reads, meter, hooks, versions, obstacle: Arc::default(), embedded })
    }

    /// Refuses every operation until [`Db::migrate`] has succeeded: for a service that may start before its database server.
    #[must_use]
    pub fn until_migrated(self) -> Self {
        self.obstacle.send_replace(Some("its tables have not been checked yet".into()));
        self
    }

    /// Waits until operations are accepted.
    pub async fn migrated(&self) {
        // `self` owns the sender, so the wait can't end with an error.
        drop(self.obstacle.subscribe().wait_for(Option::is_none).await);
    }

    /// Brings the tables to this version. Any number of processes may call it at once: one applies the migrations, the others
    /// wait.
    ///
    /// # Errors
    /// When the database is not available or a migration fails; all migrations of the call are then rolled back.
    /// [`Error::Address`] when the database has migrations that this program does not know; nothing is changed then.
    pub fn migrate(&self) -> Result<Vec<String>, Error> {
        let migrated = self.opener.connect().and_then(|mut conn| {
            migrations::run(&mut conn).map_err(|e| match (e, self.file()) {
                (Error::Unavailable(why), Some(file)) => Error::Unavailable(format!("{}: {why}", file.display())),
                (other, _) => other,
            })
        });
        self.obstacle.send_modify(|obstacle| {
            *obstacle = migrated.as_ref().err().filter(|_| obstacle.is_some()).map(Error::reason);
        });
        migrated
    }

    /// Runs a short read. On SQLite it runs on the calling thread, which it blocks for some microseconds; on PostgreSQL it may
    /// share a transaction with other short reads.
    ///
    /// # Errors
    /// The error of `f`, or the database's own.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if let Some(embedded) = &self.embedded {
            return embedded.reader.run(f);
        }
        self.check_migrated()?;
        self.shared_reads.run(f).await
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
        self.on_pool(Purpose::Read, f).await
    }

    /// Runs a read where its effort belongs.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn read_by<T, E, F>(&self, effort: Effort, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match effort {
            Effort::Short => self.read(f).await,
            Effort::Long => self.read_slow(f).await,
        }
    }

    /// Runs `f` in a transaction. When this returns `Ok`, what it wrote is durable; when it returns `Err`, it was rolled back,
    /// except that after [`Error::InDoubt`] nobody knows.
    ///
    /// # Errors
    /// The error of `f`, or the database's own.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.embedded {
            Some(embedded) => embedded.writer.run(Urgency::Urgent, f).await,
            None => self.on_pool(Purpose::Write, f).await,
        }
    }

    /// As [`Db::write`], for work that can wait: on SQLite, while the one writer is busy with urgent work, it is deferred for up
    /// to half a second.
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
            None => self.on_pool(Purpose::Write, f).await,
        }
    }

    /// Whether the database is embedded: a SQLite file.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// Wakes the workers after commits that left them something to do.
    #[must_use]
    pub fn notifier<K: Key>(&self, topic: &Topic<K>) -> Notifier<K> {
        self.hooks.notifier(topic)
    }

    /// Counts changes, so that readers know when what they keep in memory is stale.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    pub(super) async fn on_pool<T, E, F>(&self, purpose: Purpose, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.check_migrated()?;
        self.pool.run(purpose, f).await
    }

    fn check_migrated(&self) -> Result<(), Error> {
        match &*self.obstacle.borrow() {
            Some(why) => Err(Error::Unavailable(why.clone())),
            None => Ok(()),
        }
    }
}
