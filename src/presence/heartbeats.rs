//! Heartbeats in memory: one entry for each component that sent this process a heartbeat. They are sharded to reduce lock
//! contention.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::Millis;
use crate::domain::classroom::session::{Component, Heartbeat};
use crate::domain::ids::{ClassId, EnterpriseId};

const SHARDS: usize = 64;

/// Entries by the hash of the token of the component.
type Shard = HashMap<Box<str>, Entry>;

/// The session of a component.
struct Entry {
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: Box<str>,
    /// The last heartbeat.
    seen: Millis,
    /// The last heartbeat that is stored.
    written: Millis,
    /// How long the session stays open after a heartbeat.
    lease: Millis,
}

/// The sender of a heartbeat, and the class.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
    pub token_hash: &'a str,
    /// `None` if the token alone identifies the user.
    pub user_id: Option<&'a str>,
}

pub(super) struct Heartbeats {
    shards: [Mutex<Shard>; SHARDS],
}

impl Default for Heartbeats {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()) }
    }
}

impl Entry {
    fn is(&self, source: Source<'_>) -> bool {
        self.class_id == source.class_id
            && self.enterprise_id == source.enterprise_id
            && source.user_id.is_none_or(|user_id| *self.user_id == *user_id)
    }

    /// Whether the lease has not expired as far as this process knows.
    fn is_alive(&self, now: Millis) -> bool {
        self.seen >= now.saturating_sub(self.lease)
    }
}

impl Heartbeats {
    /// How many sessions are in memory.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }

    /// Records a heartbeat if its session is in memory and alive. Returns whether it was recorded.
    pub(super) fn take(&self, source: Source<'_>, now: Millis) -> bool {
        let mut shard = self.shard(source.token_hash);
        match shard.get_mut(source.token_hash) {
            Some(entry) if entry.is(source) && entry.is_alive(now) => {
                entry.seen = entry.seen.max(now);
                true
            }
            _ => false,
        }
    }

    /// Adds a session that was read from the database because of a heartbeat.
    pub(super) fn insert(
        &self,
        enterprise_id: EnterpriseId,
        class_id: ClassId,
        component: Component,
        written: Millis,
        now: Millis,
    ) {
        let Component { user_id, token_hash, lease } = component;
        let (user_id, seen) = (user_id.into(), written.max(now));
        let entry = Entry { enterprise_id, class_id, user_id, seen, written, lease };
        self.shard(&token_hash).insert(token_hash.into(), entry);
    }

    /// Removes the session of a component in any class.
    pub(super) fn remove_all(&self, token_hash: &str) {
        self.shard(token_hash).remove(token_hash);
    }

    /// Removes the session of a component in a class.
    pub(super) fn remove(&self, class_id: ClassId, token_hash: &str) {
        let mut shard = self.shard(token_hash);
        if shard.get(token_hash).is_some_and(|entry| entry.class_id == class_id) {
            shard.remove(token_hash);
        }
    }

    /// The heartbeats that are not stored yet. Removes sessions that are no longer alive.
    pub(super) fn unwritten(&self, now: Millis) -> Vec<Heartbeat> {
        let mut heartbeats = Vec::new();
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.retain(|_, entry| entry.seen > entry.written || entry.is_alive(now));
            let unwritten = shard.iter().filter(|(_, entry)| entry.seen > entry.written);
            heartbeats.extend(unwritten.map(|(token_hash, entry)| Heartbeat {
                enterprise_id: entry.enterprise_id,
                class_id: entry.class_id,
                token_hash: token_hash.to_string(),
                seen: entry.seen,
                lease: entry.lease,
            }));
        }
        heartbeats
    }

    /// Marks heartbeats as stored, and removes the sessions that are not `open`.
    pub(super) fn written(&self, heartbeats: &[Heartbeat], open: &HashSet<String>) {
        for heartbeat in heartbeats {
            let mut shard = self.shard(&heartbeat.token_hash);
            let entry = shard.get_mut(heartbeat.token_hash.as_str());
            // The component may have joined another class meanwhile, or this one again.
            let Some(entry) = entry.filter(|entry| entry.class_id == heartbeat.class_id) else { continue };
            if open.contains(&heartbeat.token_hash) {
                entry.written = entry.written.max(heartbeat.seen);
            } else if entry.seen == heartbeat.seen {
                shard.remove(heartbeat.token_hash.as_str());
            }
        }
    }

    fn shard(&self, token_hash: &str) -> MutexGuard<'_, Shard> {
        // The digits of a hash are evenly distributed.
        let place = token_hash.get(..2).and_then(|digits| usize::from_str_radix(digits, 16).ok()).unwrap_or_default();
        let [first, ..] = &self.shards;
        lock(self.shards.get(place % SHARDS).unwrap_or(first))
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
