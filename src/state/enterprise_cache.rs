//! A cache of enterprises: each request needs the keys of its enterprise. A change by the command line or another instance is
//! visible within a second.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::clock::Millis;
use crate::db::Db;
use crate::domain;
use crate::domain::tenancy::enterprise::Enterprise;

/// How long an entry is valid.
const FRESH: Millis = 1_000;

/// Enterprises by `sdkappid`. Misses are not cached, so that it has at most as many entries as the table has rows.
#[derive(Default)]
pub struct Enterprises {
    entries: RwLock<HashMap<i64, Entry>>,
}

struct Entry {
    enterprise: Arc<Enterprise>,
    read_at: Millis,
}

impl Enterprises {
    /// The enterprise of an `sdkappid`, at most one second old.
    ///
    /// # Errors
    /// Only those of the database.
    pub async fn find(&self, db: &Db, sdkappid: i64, now: Millis) -> domain::Result<Option<Arc<Enterprise>>> {
        if let Some(fresh) = self.fresh(sdkappid, now) {
            return Ok(Some(fresh));
        }
        let read =
            db.read(move |conn| Ok::<_, domain::Error>(domain::tenancy::enterprise::find(conn, sdkappid)?)).await?;
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let Some(enterprise) = read.map(Arc::new) else {
            entries.remove(&sdkappid);
            return Ok(None);
        };
        entries.insert(sdkappid, Entry { enterprise: enterprise.clone(), read_at: now });
        Ok(Some(enterprise))
    }

    /// Removes an entry, so that the next request reads the database.
    pub fn forget(&self, sdkappid: i64) {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).remove(&sdkappid);
    }

    fn fresh(&self, sdkappid: i64, now: Millis) -> Option<Arc<Enterprise>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        // An entry from the future is stale too: the clock was set back.
        let found = entries.get(&sdkappid).filter(|entry| (0..FRESH).contains(&(now - entry.read_at)))?;
        Some(found.enterprise.clone())
    }
}
