//! What waits in the database, read at most every few seconds, however often somebody asks.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::clock::Millis;
use crate::db::{Db, Error};
use crate::store::backlog;
use crate::store::backlog::Backlog;

/// How long a backlog is good.
const FRESH: Duration = Duration::from_secs(3);
/// How long reading it may take. Without a database, the other metrics are shown all the same.
const LIMIT: Duration = Duration::from_secs(3);

/// The backlog that was read last. Who asks meanwhile waits.
#[derive(Default)]
pub(super) struct LastBacklog(Mutex<Option<(Instant, Option<Backlog>)>>);

impl LastBacklog {
    /// What waits now, or did a moment ago; `None` if the database does not answer.
    pub async fn read(&self, db: &Db, now: Millis) -> Option<Backlog> {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = &*last
            && at.elapsed() < FRESH
        {
            return found.clone();
        }
        let read = db.read_slow(move |conn| Ok::<_, Error>(backlog::read(conn, now)?));
        let found = match tokio::time::timeout(LIMIT, read).await {
            Ok(Ok(found)) => Some(found),
            Ok(Err(problem)) => {
                log::warn!("the metrics lack what waits in the database: {problem}");
                None
            }
            Err(_) => {
                log::warn!("the metrics lack what waits in the database: it took longer than {LIMIT:?}");
                None
            }
        };
        *last = Some((Instant::now(), found.clone()));
        found
    }
}
