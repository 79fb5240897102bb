//! Whether what was read is still what a read would find.

use std::time::{Duration, Instant};

use crate::db::Db;
use crate::domain::CacheTag;

/// How long it counts. Together with the time to read, this is less than a second.
const FRESH: Duration = Duration::from_millis(900);

/// The versions of what was read. A change by this process is noticed at once. Other processes have versions of their own:
/// their changes are noticed after less than a second.
#[derive(Clone, Debug)]
pub struct Freshness {
    tags: Vec<CacheTag>,
    versions: Vec<u64>,
    read_at: Instant,
}

impl Freshness {
    /// Begins a read. Call it before the read, so that a change meanwhile is noticed.
    #[must_use]
    pub fn begin(db: &Db, tags: Vec<CacheTag>) -> Self {
        let read_at = Instant::now();
        let versions = tags.iter().map(|tag| db.versions().of(tag)).collect();
        Self { tags, versions, read_at }
    }

    /// Whether the read began at this time or later, so that it found all that was written before.
    #[must_use]
    pub fn began_after(&self, time: Instant) -> bool {
        self.read_at >= time
    }

    /// Whether nothing has changed since, and the read was less than a second ago.
    #[must_use]
    pub fn holds(&self, db: &Db) -> bool {
        let same = |(tag, version): (&CacheTag, &u64)| db.versions().of(tag) == *version;
        self.read_at.elapsed() < FRESH && self.tags.iter().zip(&self.versions).all(same)
    }
}
