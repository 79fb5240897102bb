//! A pool of connections, each borrowed for one transaction: for everything on PostgreSQL, for slow reads on SQLite.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::conn::Conn;
use super::error::Error;
use super::meter::{Connections, Meter, Waiting};
use super::notifier::Hooks;
use super::opener::{Opener, broken};
use super::versions::Versions;

type Transactions = <Conn as Connection>::TransactionManager;
/// A connection that goes back to the pool when it is dropped.
pub(super) type Lent = r2d2::PooledConnection<Opener>;

/// How long a transaction waits for a permit.
const PERMIT: Duration = Duration::from_secs(5);
/// How long it then waits for a connection. One that takes longer to open serves a later transaction.
const SERVER: Duration = Duration::from_secs(1);

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// All its statements see one snapshot. On SQLite they do anyway.
    Read,
    /// It may write.
    Write,
}

/// Clones share the connections, which are opened when they are needed.
#[derive(Clone)]
pub(super) struct Pool {
    connections: r2d2::Pool<Opener>,
    /// As many permits as connections, so that waiting for a connection blocks no thread.
    permits: Arc<Semaphore>,
    /// The most connections at once.
    size: u32,
    hooks: Hooks,
    versions: Versions,
    meter: Meter,
}

impl Pool {
    pub(super) fn new(opener: Opener, size: u32, hooks: Hooks, versions: Versions, meter: Meter) -> Self {
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            // `begin` tests the connection.
            .test_on_check_out(false)
            .connection_timeout(SERVER)
            // The caller gets the error.
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(opener);
        Self { connections, permits: Arc::new(Semaphore::new(size as usize)), size, hooks, versions, meter }
    }

    pub(super) fn connections(&self) -> Connections {
        let found = self.connections.state();
        let idle = found.idle_connections;
        Connections { in_use: found.connections.saturating_sub(idle), idle }
    }

    /// Runs `f` in a transaction, on a thread that may block.
    pub(super) async fn run<T, E, F>(&self, purpose: Purpose, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let permit = self.permit().await?;
        let pool = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut conn = pool.begin(purpose)?;
            let result = finish(&mut conn, f);
            pool.versions.transaction_ended();
            pool.hooks.transaction_ended(result.is_ok());
            drop(conn);
            drop(permit);
            result
        });
        done.await.unwrap_or_else(|_| Err(Error::Unavailable("the transaction broke off".into()).into()))
    }

    /// Waits for the permit that [`Pool::begin`] needs.
    pub(super) async fn permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let waiting = Waiting::begin(&self.meter.connections_waiting);
        let waited = tokio::time::timeout(PERMIT, self.permits.clone().acquire_owned()).await;
        drop(waiting);
        waited.ok().and_then(Result::ok).ok_or_else(|| {
            self.meter.busy.inc();
            Error::Unavailable("all connections to it are in use".into())
        })
    }

    /// A connection with a transaction begun on it. A connection that the server closed while it was idle fails here, where
    /// trying another one loses nothing.
    pub(super) fn begin(&self, purpose: Purpose) -> Result<Lent, Error> {
        let mut stale = 0;
        loop {
            let mut conn = self.connections.get().map_err(|e| Error::Unavailable(e.to_string()))?;
            match begin_transaction(&mut conn, purpose) {
                Ok(()) => return Ok(conn),
                Err(_) if broken(&mut conn) && stale < self.size => stale += 1,
                Err(e) => return Err(e.into()),
            }
        }
    }
}

/// Ends a transaction that has read, of which nothing is left to do or to lose.
pub(super) fn end_read(conn: &mut Conn) {
    // If this fails, the server ends it when the broken connection is closed.
    let _ = Transactions::rollback_transaction(conn);
}

fn begin_transaction(conn: &mut Conn, purpose: Purpose) -> QueryResult<()> {
    match (conn, purpose) {
        // In one round trip.
        (Conn::Postgres(c), Purpose::Read) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
        (conn, _) => Transactions::begin_transaction(conn),
    }
}

/// Runs `f` in the transaction that was begun, then commits or rolls back.
fn finish<T, E: From<Error>>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    match f(conn) {
        Ok(value) => match Transactions::commit_transaction(conn) {
            Ok(()) => Ok(value),
            Err(e) if broken(conn) => Err(Error::InDoubt(e.to_string()).into()),
            Err(e) => Err(Error::from(e).into()),
        },
        Err(error) => {
            // If this fails, the server rolls back when the broken connection is closed.
            let _ = Transactions::rollback_transaction(conn);
            Err(error)
        }
    }
}
