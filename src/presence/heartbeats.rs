//! Signs of life in memory: one entry for each component that this process heard of, in shards so that threads seldom wait
//! for one another.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::Millis;
use crate::domain::classroom::session::{Component, Heartbeat};

const SHARDS: usize = 64;

/// By the hash of the token of a component.
type Shard = HashMap<Box<str>, Known>;

/// What is known of the stay of a component.
struct Known {
    enterprise_id: i64,
    class_id: i64,
    user_id: Box<str>,
    /// The last sign of life.
    seen: Millis,
    /// The last that is written down.
    written: Millis,
    /// For how long the stay lasts after one.
    lease: Millis,
}

/// Who gives a sign of life, and where.
#[derive(Clone, Copy)]
pub(super) struct Beat<'a> {
    pub enterprise_id: i64,
    pub class_id: i64,
    pub token_hash: &'a str,
    /// Nothing where the token alone says who.
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

impl Known {
    fn is(&self, beat: Beat<'_>) -> bool {
        self.class_id == beat.class_id
            && self.enterprise_id == beat.enterprise_id
            && beat.user_id.is_none_or(|user_id| *self.user_id == *user_id)
    }

    /// Whether its lease, as far as this process knows, runs on.
    fn lives(&self, now: Millis) -> bool {
        self.seen >= now.saturating_sub(self.lease)
    }
}

impl Heartbeats {
    /// Takes a sign of life of a stay that is known and lives; says whether it did.
    pub(super) fn take(&self, beat: Beat<'_>, now: Millis) -> bool {
        let mut shard = self.shard(beat.token_hash);
        match shard.get_mut(beat.token_hash) {
            Some(known) if known.is(beat) && known.lives(now) => {
                known.seen = known.seen.max(now);
                true
            }
            _ => false,
        }
    }

    /// Remembers a stay that was looked up, with the sign of life that made it known.
    pub(super) fn insert(&self, enterprise_id: i64, class_id: i64, component: Component, written: Millis, now: Millis) {
        let Component { user_id, token_hash, lease } = component;
        let (user_id, seen) = (user_id.into(), written.max(now));
        let known = Known { enterprise_id, class_id, user_id, seen, written, lease };
        self.shard(&token_hash).insert(token_hash.into(), known);
    }

    /// Forgets the stay of a component, wherever it is.
    pub(super) fn remove_all(&self, token_hash: &str) {
        self.shard(token_hash).remove(token_hash);
    }

    /// Forgets the stay of a component in a class.
    pub(super) fn remove(&self, class_id: i64, token_hash: &str) {
        let mut shard = self.shard(token_hash);
        if shard.get(token_hash).is_some_and(|known| known.class_id == class_id) {
            shard.remove(token_hash);
        }
    }

    /// What is not written down yet; forgets those who live no more.
    pub(super) fn unwritten(&self, now: Millis) -> Vec<Heartbeat> {
        let mut signs = Vec::new();
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.retain(|_, known| known.seen > known.written || known.lives(now));
            let unwritten = shard.iter().filter(|(_, known)| known.seen > known.written);
            signs.extend(unwritten.map(|(token_hash, known)| Heartbeat {
                enterprise_id: known.enterprise_id,
                class_id: known.class_id,
                token_hash: token_hash.to_string(),
                seen: known.seen,
                lease: known.lease,
            }));
        }
        signs
    }

    /// Notes what was written down, and forgets those whose stay is not `open`.
    pub(super) fn written(&self, signs: &[Heartbeat], open: &HashSet<String>) {
        for sign in signs {
            let mut shard = self.shard(&sign.token_hash);
            let known = shard.get_mut(sign.token_hash.as_str());
            // It may be in another class by now, or have come back into this one.
            let Some(known) = known.filter(|known| known.class_id == sign.class_id) else { continue };
            if open.contains(&sign.token_hash) {
                known.written = known.written.max(sign.seen);
            } else if known.seen == sign.seen {
                shard.remove(sign.token_hash.as_str());
            }
        }
    }

    fn shard(&self, token_hash: &str) -> MutexGuard<'_, Shard> {
        // Hex digits of a hash are as good as a hash of them.
        let place = token_hash.get(..2).and_then(|digits| usize::from_str_radix(digits, 16).ok()).unwrap_or_default();
        let [first, ..] = &self.shards;
        lock(self.shards.get(place % SHARDS).unwrap_or(first))
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
