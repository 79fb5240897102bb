//! The followers of one class at this instance.

use std::sync::Arc;

use tokio::sync::{Mutex, broadcast};

use super::format::EntryFormat;
use super::update::Update;
use crate::db::Db;
use crate::domain::Result;
use crate::domain::classroom::log;
use crate::domain::classroom::log::LogEntry;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;

/// How much a follower may lag behind before it is let go.
const BACKLOG: usize = 256;
/// How many entries are read at a time.
const ENTRIES_AT_ONCE: i64 = 200;

pub(super) struct Room {
    pub(super) enterprise: Arc<Enterprise>,
    pub(super) class_id: ClassId,
    pub(super) followers: broadcast::Sender<Arc<Update>>,
    /// The number of the last entry that was sent; `None` until the first follower is ready. Locked while entries are
    /// sent, so that they are sent in order.
    last: Mutex<Option<i64>>,
}

impl Room {
    pub(super) fn new(enterprise: Arc<Enterprise>, class_id: ClassId) -> Self {
        Self { enterprise, class_id, followers: broadcast::Sender::new(BACKLOG), last: Mutex::default() }
    }

    /// Makes sure that entries are sent from now on.
    pub(super) async fn open(&self, db: &Db) -> Result<()> {
        let mut last = self.last.lock().await;
        if last.is_none() {
            let (enterprise_id, class_id) = (self.enterprise.enterprise_id, self.class_id);
            *last = Some(db.read(move |conn| log::last_sequence(conn, enterprise_id, class_id)).await?);
        }
        Ok(())
    }

    /// Sends the entries that were not sent yet.
    pub(super) async fn publish(&self, db: &Db, format: &dyn EntryFormat) -> Result<()> {
        let mut last = self.last.lock().await;
        let Some(last) = last.as_mut() else { return Ok(()) };
        let (enterprise_id, class_id) = (self.enterprise.enterprise_id, self.class_id);
        loop {
            let after = *last;
            let read = move |conn: &mut _| log::after(conn, enterprise_id, class_id, after, ENTRIES_AT_ONCE);
            let entries = db.read(read).await?;
            let is_last = entries.len() < usize::try_from(ENTRIES_AT_ONCE).unwrap_or_default();
            for entry in entries {
                *last = entry.sequence;
                self.broadcast(self.update(format, entry));
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Whether entries up to this number were sent.
    pub(super) async fn has_sent(&self, sequence: i64) -> bool {
        self.last.lock().await.is_none_or(|last| last >= sequence)
    }

    /// Ends the followers because the class was deleted, unless it never had a log: then its first follower is still entering.
    pub(super) async fn broadcast_deletion(&self) {
        if self.last.lock().await.is_some_and(|last| last > 0) {
            self.broadcast(Update::Deleted);
        }
    }

    fn update(&self, format: &dyn EntryFormat, entry: LogEntry) -> Update {
        let text = format.format(&self.enterprise, self.class_id, &entry).map(Into::into);
        let LogEntry { sequence, audience, event, .. } = entry;
        Update::Entry { sequence, audience, event, text }
    }

    /// Passes something to all followers. Nobody need be there.
    pub(super) fn broadcast(&self, update: Update) {
        let _ = self.followers.send(Arc::new(update));
    }
}
