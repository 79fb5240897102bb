//! A cache of frequent responses.
//!
//! An entry is stored with the versions of its tags, so that a change by this process invalidates it at once. Other processes
//! have their own versions: their changes become visible when the entry expires.

use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::db::{Conn, Db, Error, Versions};
use crate::domain::CacheTag;
use crate::domain::ids::EnterpriseId;

/// How long an entry is valid. Together with the time to read it, this is less than a second.
const FRESH: Duration = Duration::from_millis(900);
/// The size of the cache in bytes.
const BYTES: u64 = 64 * 1024 * 1024;
/// The size of an entry without its texts.
const OVERHEAD: usize = 160;

/// Identifies a response.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CacheKey {
    /// The call.
    pub call: &'static str,
    /// The enterprise that calls.
    pub enterprise_id: EnterpriseId,
    /// The parameters of the call.
    pub about: String,
}

/// A cache of the bytes of responses.
pub struct ResponseCache {
    kept: Cache<CacheKey, Answer, Weight>,
}

#[derive(Clone)]
struct Answer {
    bytes: Bytes,
    tags: Vec<CacheTag>,
    versions: Vec<u64>,
    read_at: Instant,
}

#[derive(Clone)]
struct Weight;

impl Weighter<CacheKey, Answer> for Weight {
    fn weight(&self, key: &CacheKey, answer: &Answer) -> u64 {
        (OVERHEAD + key.about.len() + answer.bytes.len()) as u64
    }
}

impl Default for ResponseCache {
    fn default() -> Self {
        Self { kept: Cache::with_weighter(50_000, BYTES, Weight) }
    }
}

impl ResponseCache {
    /// The response for a key, from the cache or from `read`. It is valid until one of its tags changes. Errors are not cached.
    ///
    /// # Errors
    /// Those of `read`, or the database's own error.
    pub async fn get_or_load<E, F>(&self, db: &Db, key: CacheKey, tags: Vec<CacheTag>, read: F) -> Result<Bytes, E>
    where
        F: FnOnce(&mut Conn) -> Result<Bytes, E> + Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if let Some(kept) = self.kept.get(&key).filter(|kept| kept.holds(db.versions())) {
            return Ok(kept.bytes);
        }
        // Both are taken before the read, so that a change during the read invalidates the entry.
        let read_at = Instant::now();
        let versions = tags.iter().map(|tag| db.versions().of(tag)).collect();
        let bytes = db.read(read).await?;
        self.kept.insert(key, Answer { bytes: bytes.clone(), tags, versions, read_at });
        Ok(bytes)
    }
}

impl Answer {
    fn holds(&self, now: &Versions) -> bool {
        let same = |(tag, version): (&CacheTag, &u64)| now.of(tag) == *version;
        self.read_at.elapsed() < FRESH && self.tags.iter().zip(&self.versions).all(same)
    }
}
