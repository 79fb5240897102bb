//! One try to convert one document: fetch, convert, store, settle. Meanwhile the claim is renewed and progress is told.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::{LEASE, PAUSE, RENEW_EVERY, Tools};
use crate::db;
use crate::domain::content::conversion;
use crate::domain::content::conversion::{Conversion, ConversionFailure, Lease, Outcome, TRIES};
use crate::domain::content::file;
use crate::domain::content::file::{Key, Kind};
use crate::domain::{Error, Result};
use crate::integrations::converter::{Converted, Source};

/// How long to wait after the database failed, before the end of a conversion is written down again.
const AGAIN: Duration = Duration::from_millis(500);

/// One try.
pub(super) struct Job {
    pub tools: Arc<Tools>,
    pub held: Conversion,
    pub token: String,
}

impl Job {
    /// Makes the try; ends early when another worker has it by now, or the document was removed.
    pub(super) async fn run(self) {
        let task_id = &self.held.task_id;
        let (tell, mut told) = unbounded_channel();
        let mut work = pin!(self.work(&tell));
        let mut renew = tokio::time::interval(RENEW_EVERY);
        let result = loop {
            let is_held = tokio::select! {
                biased;
                Some(percent) = told.recv() => self.advance(percent).await,
                result = &mut work => break result,
                _ = renew.tick() => self.renew().await,
            };
            if !is_held {
                log::warn!("conversion {task_id}: broken off, it is another worker's or its document is gone");
                return;
            }
        };
        // What was said just before the end.
        while let Ok(percent) = told.try_recv() {
            self.advance(percent).await;
        }
        match result {
            Ok(converted) => {
                log::info!("conversion {task_id}: done");
                self.settle(converted).await;
            }
            Err(failure) if failure.may_pass() && self.held.attempts < TRIES => self.reschedule(&failure).await,
            Err(failure) => {
                log::info!("conversion {task_id}: {failure}");
                self.settle(Outcome::Failed(failure)).await;
            }
        }
    }

    async fn work(&self, tell: &UnboundedSender<u8>) -> std::result::Result<Outcome, ConversionFailure> {
        let held = &self.held;
        if let Some(missing) = self.tools.converter.missing() {
            return Err(ConversionFailure::NoConverter { missing });
        }
        let folder = self.tools.folder.for_one().map_err(|e| not_stored(&e))?;
        let (path, out) = (folder.path().join("original"), folder.path().join("out"));
        std::fs::create_dir(&out).map_err(|e| not_stored(&e))?;
        self.tools.originals.fetch(held, &path).await?;
        let source = Source {
            path,
            name: held.name.clone(),
            extension: held.extension.to_lowercase(),
            is_static: held.is_static,
        };
        // Nobody listens any more when this is dropped.
        let progress = |percent| {
            let _ = tell.send(percent);
        };
        let converted = self.tools.converter.convert(&source, &out, &progress).await?;
        self.store(converted, &out).await
    }

    async fn store(&self, converted: Converted, out: &Path) -> std::result::Result<Outcome, ConversionFailure> {
        let Conversion { enterprise_id, is_private, .. } = self.held;
        let now = self.tools.clock.now();
        let begin = move |conn: &mut _| file::begin(conn, enterprise_id, Kind::Conversion, is_private, now);
        let key = self.tools.db.write(begin).await.map_err(|e| not_stored(&e))?;
        match self.tools.storage.put_folder(key.as_str(), out).await {
            Ok(bytes) => {
                let Converted { pages, width, height, title } = converted;
                let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
                Ok(Outcome::Converted { key, bytes, pages, width, height, title })
            }
            Err(e) => {
                self.discard(key).await;
                Err(not_stored(&e))
            }
        }
    }

    async fn advance(&self, percent: u8) -> bool {
        let (held, token, now) = (self.held.clone(), self.token.clone(), self.tools.clock.now());
        let told = self.tools.db.write(move |conn| conversion::advance(conn, &held, &token, percent, now)).await;
        self.unless_in_doubt(told)
    }

    async fn renew(&self) -> bool {
        let (held, now) = (self.held.clone(), self.tools.clock.now());
        let lease = Lease { token: self.token.clone(), until: now.saturating_add(LEASE) };
        let renewed = self.tools.db.write(move |conn| conversion::renew(conn, &held, &lease)).await;
        self.unless_in_doubt(renewed)
    }

    /// Whether to go on. While the database is away nobody can take it over.
    fn unless_in_doubt(&self, is_held: Result<bool>) -> bool {
        is_held.unwrap_or_else(|e| {
            log::error!("conversion {}: how it stands could not be written down: {e}", self.held.task_id);
            true
        })
    }

    async fn reschedule(&self, failure: &ConversionFailure) {
        let (held, token) = (self.held.clone(), self.token.clone());
        log::warn!("conversion {}: try {} failed: {failure}", held.task_id, held.attempts);
        let due = self.tools.clock.now().saturating_add(PAUSE.saturating_mul(held.attempts));
        if let Err(e) = self.tools.db.write(move |conn| conversion::reschedule(conn, &held, &token, due)).await {
            log::error!("conversion {} could not be put off: {e}", self.held.task_id);
        }
    }

    /// Writes down what became of it, however long the database is away: all the work is done.
    async fn settle(&self, outcome: Outcome) {
        let task_id = &self.held.task_id;
        loop {
            let (held, token, now) = (self.held.clone(), self.token.clone(), self.tools.clock.now());
            let outcome = outcome.clone();
            match self.tools.db.write(move |conn| conversion::finish(conn, &held, &token, outcome, now)).await {
                Ok(true) => return,
                Ok(false) => return log::warn!("conversion {task_id}: it is another worker's or its document is gone"),
                Err(Error::Database(e @ (db::Error::Unavailable(_) | db::Error::InDoubt(_)))) => {
                    log::error!("conversion {task_id} could not be settled, it is tried again: {e}");
                }
                // It is begun anew when the lease ends.
                Err(e) => return log::error!("conversion {task_id} could not be settled: {e}"),
            }
            tokio::time::sleep(AGAIN).await;
            self.renew().await;
        }
    }

    async fn discard(&self, key: Key) {
        let (enterprise_id, now) = (self.held.enterprise_id, self.tools.clock.now());
        if let Err(e) = self.tools.db.write(move |conn| file::discard(conn, enterprise_id, &key, now)).await {
            log::error!("what was stored of conversion {} is removed later: {e}", self.held.task_id);
        }
    }
}

/// What went wrong is for the operator; who added the document can't change it.
fn not_stored(why: &dyn std::fmt::Display) -> ConversionFailure {
    log::error!("the pages of a document can't be stored: {why}");
    ConversionFailure::NotStored
}
