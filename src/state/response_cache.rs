//! Answers kept in memory: what is asked often is read once, until what it tells of changes.
//!
//! A change by this process is seen at once: the answer is kept with the versions of its subjects. A change by another one,
//! which has versions of its own, is seen when the answer is no longer fresh.

use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::db::{Conn, Db, Error, Versions};
use crate::domain::CacheTag;

/// How long an answer is given again: with the time to read it, less than a second.
const FRESH: Duration = Duration::from_millis(900);
/// What all of them may take.
const BYTES: u64 = 64 * 1024 * 1024;
/// What an entry takes beside its texts.
const OVERHEAD: usize = 160;

/// Which answer.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CacheKey {
    /// The call.
    pub call: &'static str,
    /// Who asks.
    pub enterprise_id: i64,
    /// What is asked.
    pub about: String,
}

/// A cache of the bytes of answers.
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
    /// The answer to a question about these subjects: a kept one, or what `read` finds. A refusal is not kept.
    ///
    /// # Errors
    /// What `read` refuses with, or the database's own error.
    pub async fn get_or_load<E, F>(&self, db: &Db, key: CacheKey, tags: Vec<CacheTag>, read: F) -> Result<Bytes, E>
    where
        F: FnOnce(&mut Conn) -> Result<Bytes, E> + Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if let Some(kept) = self.kept.get(&key).filter(|kept| kept.holds(db.versions())) {
            return Ok(kept.bytes);
        }
        // Both before the read: a change during it makes what it finds old.
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
