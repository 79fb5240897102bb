//! Wakes the workers of this process when a transaction that left them something to do is committed: they need not poll.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Who is told of events: an enterprise, or one of its organizations.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hearer {
    /// The enterprise.
    pub enterprise_id: i64,
    /// The organization; 0 for the enterprise itself.
    pub organization_id: i64,
}

impl Hearer {
    /// The enterprise itself.
    #[must_use]
    pub fn enterprise(enterprise_id: i64) -> Self {
        Self { enterprise_id, organization_id: 0 }
    }
}

thread_local! {
    /// For whom the transaction on this thread has left something.
    static LEFT: RefCell<Vec<Hearer>> = const { RefCell::new(Vec::new()) };
    /// Whether it has left something to convert.
    static CONVERSION: Cell<bool> = const { Cell::new(false) };
}

/// Called inside a transaction: at its commit, who listens hears that there is something to do for this one.
pub fn ring_at_commit(hearer: Hearer) {
    LEFT.with_borrow_mut(|left| left.push(hearer));
}

/// Called inside a transaction: at its commit, who converts hears that there is something to convert.
pub fn ring_converters_at_commit() {
    CONVERSION.set(true);
}

/// What the commits of this process have left to do. Clones share it.
#[derive(Clone, Default)]
pub struct Bell {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    rung: Mutex<HashSet<Hearer>>,
    heard: Notify,
    conversion: Notify,
}

impl Bell {
    /// Waits for commits that left something, and tells for whom.
    pub async fn listen(&self) -> HashSet<Hearer> {
        loop {
            let heard = self.shared.heard.notified();
            let rung = std::mem::take(&mut *self.shared.rung.lock().unwrap_or_else(PoisonError::into_inner));
            if !rung.is_empty() {
                return rung;
            }
            heard.await;
        }
    }

    /// Waits for a commit that left something to convert.
    pub async fn listen_for_conversions(&self) {
        self.shared.conversion.notified().await;
    }

    /// Ends what was left on this thread: rung when it was committed, forgotten when not.
    pub(super) fn transaction_ended(&self, committed: bool) {
        let (left, conversion) = (LEFT.take(), CONVERSION.take());
        if committed && conversion {
            self.shared.conversion.notify_one();
        }
        if committed && !left.is_empty() {
            self.shared.rung.lock().unwrap_or_else(PoisonError::into_inner).extend(left);
            self.shared.heard.notify_one();
        }
    }
}
