//! Short reads on SQLite: on the calling thread, which has a connection of its own, because handing a read of 5 us to another
//! thread would cost 20 us.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::conn::Conn;
use super::error::Error;
use super::opener::{Opener, broken};
use super::transaction::transaction;

/// To how many databases a thread keeps connections; only tests open more than one.
const KEPT_PER_THREAD: usize = 4;

static NEXT: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static IDLE: RefCell<Vec<(u64, Conn)>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone)]
pub(super) struct Reader {
    id: u64,
    opener: Opener,
}

impl Reader {
    pub(super) fn new(opener: Opener) -> Self {
        Self { id: NEXT.fetch_add(1, Ordering::Relaxed), opener }
    }

    pub(super) fn run<T, E: From<Error>>(&self, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let mut conn = match self.take() {
            Some(conn) => conn,
            None => self.opener.connect()?,
        };
        let result = transaction(&mut conn, f);
        if !broken(&mut conn) {
            self.keep(conn);
        }
        result
    }

    fn take(&self) -> Option<Conn> {
        IDLE.with_borrow_mut(|idle| {
            let at = idle.iter().position(|(id, _)| *id == self.id)?;
            Some(idle.swap_remove(at).1)
        })
    }

    fn keep(&self, conn: Conn) {
        IDLE.with_borrow_mut(|idle| {
            if idle.len() >= KEPT_PER_THREAD {
                idle.remove(0);
            }
            idle.push((self.id, conn));
        });
    }
}
