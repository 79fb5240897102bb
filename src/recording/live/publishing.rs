//! Stores the segments of a live picture, and lists them.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::db::Db;
use crate::domain::classroom::live;
use crate::domain::classroom::live::{OnAir, SEGMENT, Segment};
use crate::integrations::ffmpeg::{Failure, FinishedSegment, Segments};
use crate::jobs;
use crate::storage::Storage;

/// How long storing a segment may take.
const LONGEST: Duration = Duration::from_secs(10);

/// Stores segments and lists them.
pub(super) struct Publisher {
    pub db: Db,
    pub clock: Clock,
    pub storage: Storage,
}

impl Publisher {
    /// Publishes the segments of a broadcast, to its end. One that can't be stored is left out.
    ///
    /// # Errors
    /// Those of the broadcast.
    pub async fn publish(&self, class: &OnAir, mut segments: Segments<'_>) -> Result<(), Failure> {
        let mut is_break = true;
        while let Some(segment) = segments.next().await? {
            let problem = match timeout(LONGEST, self.store(class, segment, is_break)).await {
                Ok(Ok(())) => None,
                Ok(Err(problem)) => Some(problem.to_string()),
                Err(_) => Some("it takes too long".to_owned()),
            };
            is_break = problem.is_some();
            if let Some(problem) = problem {
                log::warn!("some seconds of class {} are not shown live: {problem}", class.class_id);
            }
        }
        Ok(())
    }

    async fn store(&self, class: &OnAir, segment: FinishedSegment, is_break: bool) -> Result<(), jobs::Failure> {
        let (enterprise_id, now) = (class.enterprise_id, self.clock.now());
        let key = self.db.write(move |conn| live::begin_segment(conn, enterprise_id, now)).await?;
        let FinishedSegment { bytes, length } = segment;
        let content = futures_util::stream::iter([Ok::<_, crate::storage::Error>(Bytes::from(bytes))]);
        self.storage.put(&format!("{key}/{SEGMENT}"), content).await?;
        let segment = Segment { key: key.as_str().to_owned(), length, is_break };
        let (class, now) = (class.clone(), self.clock.now());
        self.db.write(move |conn| live::list_segment(conn, &class, segment, now)).await?;
        Ok(())
    }

    /// No more segments follow, if the class is over.
    pub async fn end(&self, class: &OnAir) {
        let (enterprise_id, class_id, now) = (class.enterprise_id, class.class_id, self.clock.now());
        if let Err(problem) = self.db.write(move |conn| live::end(conn, enterprise_id, class_id, now)).await {
            log::warn!("players wait for more of class {class_id}, which is over: {problem}");
        }
    }
}
