//! The enterprises that call, kept in memory for a second: each request needs its enterprise's keys, and a change from the
//! command line or another instance must be seen soon.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::clock::Millis;
use crate::db::Db;
use crate::domain;
use crate::domain::tenancy::enterprise::Enterprise;

/// How long an enterprise is used as it was read.
const FRESH: Millis = 1_000;

/// A cache of enterprises by `sdkappid`. It can't outgrow the table: what is not there is not kept.
#[derive(Default)]
pub struct Enterprises {
    known: RwLock<HashMap<i64, Known>>,
}

struct Known {
    enterprise: Arc<Enterprise>,
    read_at: Millis,
}

impl Enterprises {
    /// The enterprise of an `sdkappid`, as it was at most a second ago.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn find(&self, db: &Db, sdkappid: i64, now: Millis) -> domain::Result<Option<Arc<Enterprise>>> {
        if let Some(fresh) = self.fresh(sdkappid, now) {
            return Ok(Some(fresh));
        }
        let read =
            db.read(move |conn| Ok::<_, domain::Error>(domain::tenancy::enterprise::find(conn, sdkappid)?)).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Some(enterprise) = read.map(Arc::new) else {
            known.remove(&sdkappid);
            return Ok(None);
        };
        known.insert(sdkappid, Known { enterprise: enterprise.clone(), read_at: now });
        Ok(Some(enterprise))
    }

    /// Reads an enterprise again at its next request.
    pub fn forget(&self, sdkappid: i64) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&sdkappid);
    }

    fn fresh(&self, sdkappid: i64, now: Millis) -> Option<Arc<Enterprise>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes an entry old too.
        let found = known.get(&sdkappid).filter(|known| (0..FRESH).contains(&(now - known.read_at)))?;
        Some(found.enterprise.clone())
    }
}
