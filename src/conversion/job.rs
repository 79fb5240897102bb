//! One try to do one job: work and settle. Meanwhile the lease is renewed and progress is written down.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::work::Work;
use crate::db;
use crate::domain::classroom::converting;
use crate::domain::content::conversion;
use crate::domain::content::conversion::{Conversion, ConversionFailure, Outcome, TRIES};
use crate::domain::{Error, Result};
use crate::jobs::{Backoff, Context, LeaseLost, LeaseTerm};

/// Of each job. What a dead process held is free after its length and one look.
pub(super) const LEASE: LeaseTerm = LeaseTerm { length: 10_000, renew_every: Duration::from_secs(2) };
/// How long after a try that failed the next one is.
pub(super) const BACKOFF: Backoff = Backoff::doubling(10_000, 60_000);
/// How long to wait after the database failed, before the end of a conversion is written down again.
const AGAIN: Duration = Duration::from_millis(500);

/// One try.
pub(super) struct Job {
    pub context: Context,
    pub work: Arc<dyn Work>,
    pub held: Conversion,
    pub token: String,
}

impl Job {
    /// Makes the try; ends early when another worker has the job by now, or the document was removed.
    pub(super) async fn run(self) {
        let task_id = &self.held.task_id;
        match LEASE.hold(self.convert(), || self.renew()).await {
            Ok(Ok(converted)) => {
                log::info!("conversion {task_id}: done");
                self.settle(converted).await;
            }
            Ok(Err(failure)) if failure.may_pass() && self.held.attempts < TRIES => self.reschedule(&failure).await,
            Ok(Err(failure)) => {
                log::info!("conversion {task_id}: {failure}");
                self.settle(Outcome::Failed(failure)).await;
            }
            Err(LeaseLost) => {
                log::warn!("conversion {task_id}: broken off, it is another worker's or its document is gone");
            }
        }
    }

    /// Does the work and writes down its progress meanwhile.
    async fn convert(&self) -> std::result::Result<std::result::Result<Outcome, ConversionFailure>, LeaseLost> {
        let (report, mut reported) = unbounded_channel();
        let mut work = pin!(self.work(&report));
        let result = loop {
            tokio::select! {
                biased;
                Some(percent) = reported.recv() => self.advance(percent).await?,
                result = &mut work => break result,
            }
        };
        // What was reported just before the end.
        while let Ok(percent) = reported.try_recv() {
            self.advance(percent).await?;
        }
        Ok(result)
    }

    async fn work(&self, report: &UnboundedSender<u8>) -> std::result::Result<Outcome, ConversionFailure> {
        // The error is that the try was broken off.
        let progress = |percent| {
            let _ = report.send(percent);
        };
        self.work.run(&self.context, &self.held, &progress).await
    }

    async fn advance(&self, percent: u8) -> std::result::Result<(), LeaseLost> {
        let (held, token, now) = (self.held.clone(), self.token.clone(), self.context.clock.now());
        self.unless_lost(
            self.context.db.write(move |conn| converting::advance(conn, &held, &token, percent, now)).await,
        )
    }

    async fn renew(&self) -> std::result::Result<(), LeaseLost> {
        let held = self.held.clone();
        let lease = LEASE.extend(&self.token, self.context.clock.now());
        self.unless_lost(self.context.db.write(move |conn| conversion::renew(conn, &held, &lease)).await)
    }

    /// Goes on while the database is away: nobody can take the job over then.
    fn unless_lost(&self, is_held: Result<bool>) -> std::result::Result<(), LeaseLost> {
        match is_held {
            Ok(true) => Ok(()),
            Ok(false) => Err(LeaseLost),
            Err(e) => {
                log::error!("conversion {}: its progress was not written down: {e}", self.held.task_id);
                Ok(())
            }
        }
    }

    async fn reschedule(&self, failure: &ConversionFailure) {
        let (held, token) = (self.held.clone(), self.token.clone());
        log::warn!("conversion {}: try {} failed: {failure}", held.task_id, held.attempts);
        let due = self.context.clock.now().saturating_add(BACKOFF.after(held.attempts));
        if let Err(e) = self.context.db.write(move |conn| conversion::reschedule(conn, &held, &token, due)).await {
            log::error!(
                "conversion {} was not rescheduled, it stays held until its lease expires: {e}",
                self.held.task_id
            );
        }
    }

    /// Settles the job, however long the database is away: the work is done and not to be repeated.
    async fn settle(&self, outcome: Outcome) {
        let task_id = &self.held.task_id;
        loop {
            let (held, token, now) = (self.held.clone(), self.token.clone(), self.context.clock.now());
            let outcome = outcome.clone();
            match self.context.db.write(move |conn| converting::finish(conn, &held, &token, &outcome, now)).await {
                Ok(true) => return,
                Ok(false) => return log::warn!("conversion {task_id}: it is another worker's or its document is gone"),
                Err(Error::Database(e @ (db::Error::Unavailable(_) | db::Error::InDoubt(_)))) => {
                    log::error!("conversion {task_id} was not settled, trying again: {e}");
                }
                // It begins anew when the lease expires.
                Err(e) => return log::error!("conversion {task_id} was not settled: {e}"),
            }
            tokio::time::sleep(AGAIN).await;
            // When the lease is lost, settling finds that too.
            let _ = self.renew().await;
        }
    }
}
