//! The workers of recordings.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use tokio::sync::{Mutex, mpsc};

use super::collecting::Collecting;
use super::live::{self, Broadcasting, Live};
use super::recorder::Recorder;
use super::storing::Storing;
use super::writer::Broken;
use crate::domain;
use crate::domain::classroom::{local_recording, online_recording};
use crate::jobs::{AtStop, Context, Failure, Next, Periodic, Worker, periodic};
use crate::storage::Storage;

/// How often to look for recordings that are kept no longer.
const OUTDATED_EVERY: Duration = Duration::from_mins(10);
/// How long to wait after the database failed.
const PAUSE: Duration = Duration::from_secs(1);

/// The workers of an instance that records classes.
#[must_use]
pub fn of_recorder(recorder: &Arc<Recorder>, storage: &Storage) -> Vec<Box<dyn Worker>> {
    let storing = Storing { recorder: recorder.clone(), storage: storage.clone(), state: Mutex::default() };
    let mut workers = vec![periodic(storing)];
    if let Some(broken) = recorder.broken() {
        workers.push(Box::new(BreakingOff(Mutex::new(broken))));
    }
    workers
}

/// The workers that need no recorder: one has videos made, and one removes recordings after a time.
#[must_use]
pub fn of_every_instance(keep: Duration) -> Vec<Box<dyn Worker>> {
    vec![periodic(Collecting), periodic(Outdated { keep })]
}

/// The workers of an instance that shows classes live.
#[must_use]
pub fn of_live(live: &Arc<Live>) -> Vec<Box<dyn Worker>> {
    let mut workers = vec![periodic(live::Outdated)];
    workers.extend(Broadcasting::new(live).map(|broadcasting| Box::new(broadcasting) as Box<dyn Worker>));
    workers
}

struct Outdated {
    keep: Duration,
}

impl Periodic for Outdated {
    const NAME: &'static str = "removing old recordings";
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let now = context.clock.now();
        let before = now.saturating_sub(i64::try_from(self.keep.as_millis())?);
        let remove = move |conn: &mut _| {
            let made = online_recording::discard_outdated(conn, before, now)?;
            Ok::<_, domain::Error>(made + local_recording::discard_outdated(conn, before, now)?)
        };
        let removed = context.db.write(remove).await?;
        Ok(if removed > 0 { Next::Now } else { Next::After(OUTDATED_EVERY) })
    }
}

/// Ends recordings that can't be written any further.
struct BreakingOff(Mutex<mpsc::UnboundedReceiver<Broken>>);

impl BreakingOff {
    async fn run(&self, context: Context) {
        let mut broken = self.0.lock().await;
        loop {
            let found = tokio::select! {
                biased;
                () = context.stop.requested() => return,
                found = broken.recv() => found,
            };
            let Some(Broken { enterprise_id, recording_id, problem }) = found else { return };
            loop {
                let (message, now) = (problem.to_string(), context.clock.now());
                let end =
                    move |conn: &mut _| online_recording::break_off(conn, enterprise_id, recording_id, message, now);
                match context.db.write(end).await {
                    Ok(()) => break,
                    Err(problem) => log::error!("recording {recording_id} is ended later: {problem}"),
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

impl Worker for BreakingOff {
    fn name(&self) -> &'static str {
        "recordings that can't be written"
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        self.run(context).boxed()
    }
}
