//! Caches of what is read from the database often: whole responses, and pages of lists.
//!
//! An entry is valid while it is [fresh](Freshness).

use std::sync::Arc;
use std::time::Instant;

use actix_web::web::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, EntryAction, EntryResult};

use super::freshness::Freshness;
use crate::db::Db;
use crate::domain::CacheTag;
use crate::domain::ids::EnterpriseId;

/// For how many entries a cache is laid out. It can have more.
const USUAL_ENTRIES: usize = 50_000;
/// The size of an entry without its texts.
const OVERHEAD: usize = 160;

/// Identifies what is read.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CacheKey {
    /// The call.
    pub call: &'static str,
    /// The enterprise that calls.
    pub enterprise_id: EnterpriseId,
    /// The parameters of the call.
    pub about: String,
}

/// What a cache can keep.
pub trait Kept: Clone {
    /// About how many bytes it takes.
    fn bytes(&self) -> usize;
}

impl Kept for Bytes {
    fn bytes(&self) -> usize {
        self.len()
    }
}

/// A cache of the bytes of responses.
pub type ResponseCache = ReadCache<Bytes>;

/// A cache of values that were read.
pub struct ReadCache<V: Kept> {
    kept: Cache<CacheKey, Arc<Entry<V>>, Weight>,
}

struct Entry<V> {
    value: V,
    freshness: Freshness,
}

#[derive(Clone)]
struct Weight;

impl<V: Kept> Weighter<CacheKey, Arc<Entry<V>>> for Weight {
    fn weight(&self, key: &CacheKey, entry: &Arc<Entry<V>>) -> u64 {
        (OVERHEAD + key.about.len() + entry.value.bytes()) as u64
    }
}

impl Default for ResponseCache {
    fn default() -> Self {
        Self::of(64 << 20)
    }
}

impl<V: Kept> ReadCache<V> {
    /// An empty cache of at most so many bytes.
    #[must_use]
    pub fn of(bytes: u64) -> Self {
        Self { kept: Cache::with_weighter(USUAL_ENTRIES, bytes, Weight) }
    }

    /// The value for a key, from the cache or from `load`, which does not begin before it is needed. The value is valid until
    /// one of its tags changes. Errors are not cached.
    ///
    /// Of those who ask for a key at the same time one loads it, and the others get what it loads, unless the load began
    /// before they asked and is stale by its end.
    ///
    /// # Errors
    /// Those of `load`.
    pub async fn get_or_load<E>(
        &self,
        db: &Db,
        key: CacheKey,
        tags: Vec<CacheTag>,
        load: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        // This takes no lock that others wait for.
        if let Some(kept) = self.kept.get(&key).filter(|kept| kept.freshness.holds(db)) {
            return Ok(kept.value.clone());
        }
        let asked = Instant::now();
        let look = |_: &CacheKey, kept: &mut Arc<Entry<V>>| {
            if kept.freshness.began_after(asked) || kept.freshness.holds(db) {
                EntryAction::Retain(kept.value.clone())
            } else {
                EntryAction::ReplaceWithGuard
            }
        };
        let place = match self.kept.entry_async(&key, look).await {
            EntryResult::Retained(value) => return Ok(value),
            EntryResult::Vacant(place) | EntryResult::Replaced(place, _) => Some(place),
            // It happens only to those who remove entries or limit their wait.
            EntryResult::Removed(..) | EntryResult::Timeout => None,
        };
        let freshness = Freshness::begin(db, tags);
        let value = load.await?;
        if let Some(place) = place {
            // It fails when the entry was removed meanwhile.
            let _ = place.insert(Arc::new(Entry { value: value.clone(), freshness }));
        }
        Ok(value)
    }
}
