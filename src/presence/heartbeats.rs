//! Signs of life in memory: one entry for each component that this process heard of, in shards so that threads seldom wait
//! for one another.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::Millis;
use crate::domain::session::Sign;

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
}

/// Who gives a sign of life, and where.
#[derive(Clone, Copy)]
pub(super) struct Beat<'a> {
    pub enterprise_id: i64,
    pub class_id: i64,
    pub user_id: &'a str,
    pub token_hash: &'a str,
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
        self.class_id == beat.class_id && self.enterprise_id == beat.enterprise_id && *self.user_id == *beat.user_id
    }
}

impl Heartbeats {
    /// Takes a sign of life of a stay that is known and was heard of after `since`; says whether it did.
    pub(super) fn take(&self, beat: Beat<'_>, since: Millis, now: Millis) -> bool {
        let mut shard = self.shard(beat.token_hash);
        match shard.get_mut(beat.token_hash) {
            Some(known) if known.is(beat) && known.seen >= since => {
                known.seen = known.seen.max(now);
                true
            }
            _ => false,
        }
    }

    /// Remembers a stay that was looked up, with the sign of life that made it known.
    pub(super) fn insert(&self, beat: Beat<'_>, written: Millis, now: Millis) {
        let known = Known {
            enterprise_id: beat.enterprise_id,
            class_id: beat.class_id,
            user_id: beat.user_id.into(),
            seen: written.max(now),
            written,
        };
        self.shard(beat.token_hash).insert(beat.token_hash.into(), known);
    }

    /// Forgets the stay of a component.
    pub(super) fn remove(&self, token_hash: &str) {
        self.shard(token_hash).remove(token_hash);
    }

    /// What is not written down yet; forgets those who were not heard of after `since`.
    pub(super) fn unwritten(&self, since: Millis) -> Vec<Sign> {
        let mut signs = Vec::new();
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.retain(|_, known| known.seen > known.written || known.seen >= since);
            let unwritten = shard.iter().filter(|(_, known)| known.seen > known.written);
            signs.extend(unwritten.map(|(token_hash, known)| Sign {
                enterprise_id: known.enterprise_id,
                class_id: known.class_id,
                token_hash: token_hash.to_string(),
                seen: known.seen,
            }));
        }
        signs
    }

    /// Notes what was written down, and forgets those whose stay is not `open`.
    pub(super) fn written(&self, signs: &[Sign], open: &HashSet<String>) {
        for sign in signs {
            let mut shard = self.shard(&sign.token_hash);
            // It may be in another class by now.
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
