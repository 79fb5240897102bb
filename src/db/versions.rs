//! Counts changes, so that a cache knows when what it keeps is stale.
//!
//! A transaction marks the tags of what it changes; when it ends, before its caller gets the result, their counts go up. What was
//! read while the counts of its tags were the same as now is what a read would find now, as far as this process wrote.

use std::cell::RefCell;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tags are hashed to these counts: two tags with the same count only cause reads that were not needed.
const COUNTS: usize = 16_384;

thread_local! {
    /// The counts of what the transaction on this thread has changed.
    static CHANGED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Marks a tag as changed by the transaction on this thread.
pub fn changes(tag: impl Hash) {
    CHANGED.with_borrow_mut(|changed| changed.push(place(tag)));
}

/// How often this process changed what each tag stands for. Clones share it.
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
    /// The count of a tag. A cache has to take it before it reads what it keeps with it.
    #[must_use]
    pub fn of(&self, tag: impl Hash) -> u64 {
        self.counts.get(place(tag)).map_or(0, |count| count.load(Ordering::Acquire))
    }

    /// Counts what the transaction on this thread changed, also when it failed: it may be committed all the same.
    pub(super) fn transaction_ended(&self) {
        for place in CHANGED.take() {
            if let Some(count) = self.counts.get(place) {
                count.fetch_add(1, Ordering::Release);
            }
        }
    }
}

fn place(tag: impl Hash) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(tag);
    usize::try_from(hash % COUNTS as u64).unwrap_or_default()
}
