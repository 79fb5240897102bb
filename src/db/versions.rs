//! Counts changes, so that what was read can be kept in memory and is known to be old as soon as it is.
//!
//! A transaction says what it changes; at its end, before its caller hears of it, the counts go up. What was read while a
//! count was the same as now is what a read would find now, as far as this process wrote.

use std::cell::RefCell;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Subjects share these counts: two that share one make each other read again, no more.
const COUNTS: usize = 16_384;

thread_local! {
    /// What the transaction on this thread has changed.
    static CHANGED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Called inside a transaction that changes what was read of a subject.
pub fn changes(subject: impl Hash) {
    CHANGED.with_borrow_mut(|changed| changed.push(place(subject)));
}

/// How often each subject was changed by this process. Clones share it.
#[derive(Clone)]
pub struct Versions {
    counts: Arc<[AtomicU64]>,
}

impl Default for Versions {
    fn default() -> Self {
        Self { counts: (0..COUNTS).map(|_| AtomicU64::new(0)).collect() }
    }
}

impl Versions {
    /// The count of a subject. What is kept with it has to be read after it was taken.
    #[must_use]
    pub fn of(&self, subject: impl Hash) -> u64 {
        self.counts.get(place(subject)).map_or(0, |count| count.load(Ordering::Acquire))
    }

    /// Counts what the transaction on this thread changed, whether or not it is known to be committed.
    pub(super) fn transaction_ended(&self) {
        for place in CHANGED.take() {
            if let Some(count) = self.counts.get(place) {
                count.fetch_add(1, Ordering::Release);
            }
        }
    }
}

fn place(subject: impl Hash) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(subject);
    usize::try_from(hash % COUNTS as u64).unwrap_or_default()
}
