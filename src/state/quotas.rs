//! Quotas of what an enterprise may keep. The room that is left is read from the database and counted down in memory, so that a
//! quota costs nothing as long as it is not reached.

use std::sync::{Mutex, PoisonError};

use quick_cache::unsync::Cache;

use crate::clock::Millis;
use crate::config::QuotaConfig;
use crate::db::Db;
use crate::domain::content::conversion;
use crate::domain::ids::EnterpriseId;
use crate::domain::tenancy::quota;
use crate::domain::tenancy::quota::Counted;
use crate::domain::{Error, Limit, Result};

/// How long a count is valid. Other instances may add that long beyond a quota.
const FRESH: Millis = 10_000;
/// How many counts are kept.
const CAPACITY: usize = 20_000;

/// What a quota counts.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Kept {
    Rows(Counted),
    QueuedConversions,
}

/// The quotas.
pub struct Quotas {
    config: QuotaConfig,
    room: Mutex<Cache<(EnterpriseId, Kept), Room>>,
}

/// How many more an enterprise may keep.
#[derive(Clone, Copy)]
struct Room {
    left: i64,
    read_at: Millis,
}

impl Quotas {
    /// The quotas of these settings.
    #[must_use]
    pub fn new(config: QuotaConfig) -> Self {
        Self { config, room: Mutex::new(Cache::new(CAPACITY)) }
    }

    /// Checks that an enterprise may keep `n` more rows of a kind.
    ///
    /// # Errors
    /// [`Error::LimitReached`], or those of the database.
    pub async fn take(
        &self,
        db: &Db,
        enterprise_id: EnterpriseId,
        counted: Counted,
        n: i64,
        now: Millis,
    ) -> Result<()> {
        self.take_of(db, (enterprise_id, Kept::Rows(counted)), n, now).await
    }

    /// Checks that one more document may wait for its conversion.
    ///
    /// # Errors
    /// [`Error::LimitReached`], or those of the database.
    pub async fn take_conversion(&self, db: &Db, enterprise_id: EnterpriseId, now: Millis) -> Result<()> {
        self.take_of(db, (enterprise_id, Kept::QueuedConversions), 1, now).await
    }

    async fn take_of(&self, db: &Db, key: (EnterpriseId, Kept), n: i64, now: Millis) -> Result<()> {
        if self.take_from_memory(key, n, now) {
            return Ok(());
        }
        let (enterprise_id, kept) = key;
        let found = db
            .read(move |conn| match kept {
                Kept::Rows(counted) => quota::kept(conn, enterprise_id, counted),
                Kept::QueuedConversions => conversion::queued(conn, enterprise_id),
            })
            .await?;
        let left = self.most(kept).saturating_sub(found).saturating_sub(n);
        if left < 0 {
            return Err(match kept {
                Kept::Rows(counted) => quota::reached(counted),
                // The queue gets shorter by itself.
                Kept::QueuedConversions => {
                    Error::LimitReached { limit: Limit::QueuedConversions, retry_after: Some(60_000) }
                }
            });
        }
        self.room.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Room { left, read_at: now });
        Ok(())
    }

    fn take_from_memory(&self, key: (EnterpriseId, Kept), n: i64, now: Millis) -> bool {
        let mut rooms = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |room: &Room| (0..FRESH).contains(&(now - room.read_at)) && room.left >= n;
        let Some(room) = rooms.get(&key).copied().filter(fresh) else { return false };
        rooms.insert(key, Room { left: room.left - n, ..room });
        true
    }

    fn most(&self, kept: Kept) -> i64 {
        let config = &self.config;
        match kept {
            Kept::Rows(Counted::Classes) => config.quota_classes,
            Kept::Rows(Counted::Users) => config.quota_users,
            Kept::Rows(Counted::Visitors) => config.quota_visitors,
            Kept::Rows(Counted::Documents) => config.quota_documents,
            Kept::Rows(Counted::Groups) => config.quota_groups,
            Kept::Rows(Counted::Messages) => config.quota_messages,
            Kept::Rows(Counted::ChatImages) => config.quota_chat_images,
            Kept::Rows(Counted::Reports) => config.quota_reports,
            Kept::QueuedConversions => config.quota_queued_conversions,
        }
    }
}
