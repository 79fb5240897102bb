//! After-commit hooks: a transaction names what it leaves to do, and who waits for that topic wakes once it is committed. Workers
//! then need not poll for what this process wrote.

use std::cell::RefCell;
use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// A key as it is kept until the commit: two numbers, so that a notification allocates nothing.
pub type PackedKey = (i64, i64);

/// What a notification is about.
pub trait Key: Sized {
    /// As two numbers.
    fn pack(self) -> PackedKey;
    /// The key that was packed.
    fn unpack(packed: PackedKey) -> Self;
}

impl Key for () {
    fn pack(self) -> PackedKey {
        (0, 0)
    }

    fn unpack(_: PackedKey) -> Self {}
}

/// A kind of work that commits leave, declared by the layer that writes it. Its keys say which work.
#[derive(Debug)]
pub struct Topic<K> {
    name: &'static str,
    key: PhantomData<fn(K) -> K>,
}

impl<K: Key> Topic<K> {
    /// Its name has to be unique in the process.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, key: PhantomData }
    }

    /// Called inside a transaction: once it is committed, the [`Notifier`] of the topic wakes. After a rollback nothing happens.
    pub fn notify_at_commit(&self, key: K) {
        LEFT.with_borrow_mut(|left| left.push((self.name, key.pack())));
    }
}

thread_local! {
    /// What the transaction on this thread notifies of at its commit.
    static LEFT: RefCell<Vec<(&'static str, PackedKey)>> = const { RefCell::new(Vec::new()) };
}

/// What the commits of this process left, for each topic that somebody waits for. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    topics: Arc<Mutex<Vec<Pending>>>,
}

struct Pending {
    topic: &'static str,
    keys: HashSet<PackedKey>,
    woken: Arc<Notify>,
}

impl Hooks {
    /// The notifier of a topic. Commits before the first call are not remembered.
    pub(super) fn notifier<K: Key>(&self, topic: &Topic<K>) -> Notifier<K> {
        let mut topics = self.lock();
        let index = topics.iter().position(|pending| pending.topic == topic.name).unwrap_or_else(|| {
            topics.push(Pending { topic: topic.name, keys: HashSet::new(), woken: Arc::default() });
            topics.len() - 1
        });
        let woken = topics.get(index).map(|pending| pending.woken.clone()).unwrap_or_default();
        drop(topics);
        Notifier { hooks: self.clone(), index, woken, key: PhantomData }
    }

    /// Ends the transaction of this thread: its notifications are sent when it was committed, and dropped when not.
    pub(super) fn transaction_ended(&self, committed: bool) {
        let left = LEFT.take();
        if !committed || left.is_empty() {
            return;
        }
        let mut topics = self.lock();
        for (topic, key) in left {
            if let Some(pending) = topics.iter_mut().find(|pending| pending.topic == topic)
                && pending.keys.insert(key)
            {
                pending.woken.notify_one();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Pending>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for commits that left work of one topic. Each key wakes one of the waiters once, however often it was left.
pub struct Notifier<K> {
    hooks: Hooks,
    index: usize,
    woken: Arc<Notify>,
    key: PhantomData<fn(K) -> K>,
}

impl<K: Key> Notifier<K> {
    /// The keys that were left since the last call; waits until there is one.
    pub async fn wait(&self) -> impl Iterator<Item = K> + use<K> {
        loop {
            let woken = self.woken.notified();
            let keys = self.hooks.lock().get_mut(self.index).map(|pending| std::mem::take(&mut pending.keys));
            if let Some(keys) = keys.filter(|keys| !keys.is_empty()) {
                return keys.into_iter().map(K::unpack);
            }
            woken.await;
        }
    }
}
