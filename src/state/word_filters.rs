//! The words that enterprises mask, prepared for searching. A change by the command line or another instance is visible within
//! a second.

use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::unsync::Cache;

use crate::clock::Millis;
use crate::db::Db;
use crate::domain;
use crate::domain::chat::filter;
use crate::domain::chat::filter::WordFilter;
use crate::domain::ids::EnterpriseId;

/// How long a filter is valid without a look at the database.
const FRESH: Millis = 1_000;
/// How many filters are kept. One of 1,000 words has some 100 KB, most enterprises have none.
const CAPACITY: usize = 2_000;

/// The filters, by enterprise.
pub struct WordFilters(Mutex<Cache<EnterpriseId, Entry>>);

#[derive(Clone)]
struct Entry {
    filter: Arc<WordFilter>,
    read_at: Millis,
}

impl Default for WordFilters {
    fn default() -> Self {
        Self(Mutex::new(Cache::new(CAPACITY)))
    }
}

impl WordFilters {
    /// The filter of an enterprise, at most one second old.
    ///
    /// # Errors
    /// Only those of the database.
    pub async fn find(&self, db: &Db, enterprise_id: EnterpriseId, now: Millis) -> domain::Result<Arc<WordFilter>> {
        let known = self.get(enterprise_id);
        // An entry from the future is stale too: the clock was set back.
        if let Some(entry) = &known
            && (0..FRESH).contains(&(now - entry.read_at))
        {
            return Ok(entry.filter.clone());
        }
        let words = db.read(move |conn| filter::list(conn, enterprise_id)).await?;
        let known = known.map(|entry| entry.filter).filter(|filter| filter.has(&words));
        let filter = known.unwrap_or_else(|| Arc::new(WordFilter::new(words)));
        let entry = Entry { filter: filter.clone(), read_at: now };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(enterprise_id, entry);
        Ok(filter)
    }

    /// Lets the next message read the words again.
    pub fn forget(&self, enterprise_id: EnterpriseId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&enterprise_id);
    }

    fn get(&self, enterprise_id: EnterpriseId) -> Option<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&enterprise_id).cloned()
    }
}
