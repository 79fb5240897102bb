//! After-commit hooks: a transaction notifies a topic, and the waiters of the topic wake once it is committed. Workers then need
//! not poll for what this process wrote.

use std::cell::RefCell;
use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// A key until the commit: two numbers, so that a notification allocates nothing.
pub type PackedKey = (i64, i64);

/// What a notification is about.
pub trait Key: Sized {
    /// Encodes the key as two numbers.
    fn pack(self) -> PackedKey;
    /// Decodes a key.
    fn unpack(packed: PackedKey) -> Self;
}

impl Key for () {
    fn pack(self) -> PackedKey {
        (0, 0)
    }

    fn unpack(_: PackedKey) -> Self {}
}

/// A kind of work that a commit can create. The layer that writes the work declares the topic. A key says which work.
#[derive(Debug)]
pub struct Topic<K> {
    name: &'static str,
    key: PhantomData<fn(K) -> K>,
}

impl<K: Key> Topic<K> {
    /// A topic. The name must be unique in the process.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, key: PhantomData }
    }

    /// Notifies the [`Notifier`] of the topic when the current transaction is committed. A rollback drops the notification.
    pub fn notify_at_commit(&self, key: K) {
        LEFT.with_borrow_mut(|left| left.push((self.name, key.pack())));
    }
}

thread_local! {
    /// The notifications that the transaction on this thread sends at its commit.
    static LEFT: RefCell<Vec<(&'static str, PackedKey)>> = const { RefCell::new(Vec::new()) };
}

/// The pending notifications of this process, for each topic that has a notifier. Clones share them.
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
    /// The notifier of a topic. Notifications before the first call are dropped.
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

    /// Ends the transaction of this thread. Its notifications are sent if it was committed, and dropped otherwise.
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

/// Waits for the notifications of one topic. A key that is notified several times wakes one waiter once.
pub struct Notifier<K> {
    hooks: Hooks,
    index: usize,
    woken: Arc<Notify>,
    key: PhantomData<fn(K) -> K>,
}

impl<K: Key> Notifier<K> {
    /// Waits until there is a key, and returns all keys since the last call.
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
