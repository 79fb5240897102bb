//! Connections that are lent for one transaction each: for everything on PostgreSQL, for slow reads on SQLite.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::TransactionManager;
use diesel::prelude::*;
use tokio::sync::Semaphore;

use super::bell::Bell;
use super::opener::{Opener, broken};
use super::{Conn, Error};

type Transactions = <Conn as Connection>::TransactionManager;

/// How many connections there are at most.
const SIZE: usize = 8;
/// How long a transaction waits for one.
const WAIT: Duration = Duration::from_secs(5);

/// Clones share the connections. They are made when they are needed; a server that is away is told at once, and asked again
/// by whoever comes next.
#[derive(Clone)]
pub(super) struct Pool {
    free: Arc<Semaphore>,
    shared: Arc<Shared>,
}

struct Shared {
    opener: Opener,
    idle: Mutex<Vec<Conn>>,
    bell: Bell,
}

impl Pool {
    pub(super) fn new(opener: Opener, bell: Bell) -> Self {
        let shared = Shared { opener, idle: Mutex::default(), bell };
        Self { free: Arc::new(Semaphore::new(SIZE)), shared: Arc::new(shared) }
    }

    /// Runs `f` in a transaction, on a thread that may block. Who waits for a connection holds no thread.
    pub(super) async fn run<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let busy = || Error::Unavailable("all connections to it are in use".into());
        let waited = tokio::time::timeout(WAIT, self.free.clone().acquire_owned()).await;
        let lent = waited.ok().and_then(Result::ok).ok_or_else(busy)?;
        let shared = self.shared.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut conn = shared.begin()?;
            let result = finish(&mut conn, f);
            shared.bell.transaction_ended(result.is_ok());
            shared.give_back(conn);
            drop(lent);
            result
        });
        done.await.unwrap_or_else(|_| Err(Error::Unavailable("the work on it broke off".into()).into()))
    }
}

impl Shared {
    /// A connection with a transaction begun on it. That the server has ended a connection since it was last used shows only
    /// here, where nothing is lost with it.
    fn begin(&self) -> Result<Conn, Error> {
        if let Some(mut conn) = self.idle().pop() {
            match Transactions::begin_transaction(&mut conn) {
                Ok(()) => return Ok(conn),
                Err(e) if !broken(&mut conn) => return Err(e.into()),
                Err(_) => {}
            }
        }
        let mut conn = self.opener.connect()?;
        Transactions::begin_transaction(&mut conn)?;
        Ok(conn)
    }

    fn give_back(&self, mut conn: Conn) {
        if !broken(&mut conn) {
            self.idle().push(conn);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Conn>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `f` in the transaction that was begun, and ends it.
fn finish<T, E: From<Error>>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    match f(conn) {
        Ok(value) => match Transactions::commit_transaction(conn) {
            Ok(()) => Ok(value),
            Err(e) if broken(conn) => Err(Error::InDoubt(e.to_string()).into()),
            Err(e) => Err(Error::from(e).into()),
        },
        Err(refusal) => {
            // What can't be undone by us is by the server, when the broken connection is closed.
            let _ = Transactions::rollback_transaction(conn);
            Err(refusal)
        }
    }
}
