//! A cache of frequent responses.
//!
//! An entry is valid while it is [fresh](Freshness).

use actix_web::web::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::freshness::Freshness;
use crate::db::{Conn, Db, Error};
use crate::domain::CacheTag;
use crate::domain::ids::EnterpriseId;

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
    freshness: Freshness,
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
        if let Some(kept) = self.kept.get(&key).filter(|kept| kept.freshness.holds(db)) {
            return Ok(kept.bytes);
        }
        let freshness = Freshness::begin(db, tags);
        let bytes = db.read(read).await?;
        self.kept.insert(key, Answer { bytes: bytes.clone(), freshness });
        Ok(bytes)
    }
}
