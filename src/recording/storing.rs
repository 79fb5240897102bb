//! The worker that moves what was recorded from the disk of this machine to the storage.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Mutex;

use super::part::PartName;
use super::recorder::Recorder;
use super::spool::{Spool, Spooled};
use crate::domain;
use crate::domain::classroom::online_recording;
use crate::domain::classroom::online_recording::StoredPart;
use crate::domain::content::file;
use crate::domain::content::file::Kind;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic};
use crate::storage::Storage;

/// How often to look for what was recorded.
const EVERY: Duration = Duration::from_secs(1);
/// How many steps apart folders of dead processes are looked for.
const DEAD_EVERY: u64 = 30;
/// The name of a part in its file.
pub(super) const PART: &str = "part.packets";

/// The worker.
pub(super) struct Storing {
    pub recorder: Arc<Recorder>,
    pub storage: Storage,
    pub state: Mutex<State>,
}

/// What the worker knows.
#[derive(Default)]
pub(super) struct State {
    steps: u64,
    dead: Vec<Spool>,
}

impl Periodic for Storing {
    const NAME: &'static str = "storing recordings";
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, context: &Context) -> Result<Next, Failure> {
        let mut state = self.state.lock().await;
        let is_first = state.steps == 0;
        if state.steps.is_multiple_of(DEAD_EVERY) {
            let place = self.recorder.settings.folder.clone();
            state.dead.extend(tokio::task::spawn_blocking(move || Spool::take_over(&place)).await?);
        }
        while let Some(spool) = state.dead.pop() {
            if let Err(problem) = self.store_dead(context, &spool).await {
                state.dead.push(spool);
                return Err(problem);
            }
            spool.remove()?;
        }
        if is_first && context.db.is_embedded() {
            // There is no other instance that could have any.
            let own = self.recorder.logs();
            context.db.write(move |conn| online_recording::no_more_logs(conn, &own)).await?;
        }
        // After the step has done its first work, so that a step that failed does it again.
        state.steps += 1;
        self.store_own(context).await?;
        Ok(Next::After(EVERY))
    }
}

impl Storing {
    async fn store_own(&self, context: &Context) -> Result<(), Failure> {
        // Taken before the look at the files, so that all their parts are among these.
        let closed = self.recorder.closed();
        for Spooled { path, name } in self.recorder.spool.files()? {
            if name.is_whole {
                self.store(context, &path, &name).await?;
            }
        }
        for name in closed {
            log_stored(context, &name).await?;
            self.recorder.forget(&name);
        }
        Ok(())
    }

    async fn store_dead(&self, context: &Context, spool: &Spool) -> Result<(), Failure> {
        let mut logs = BTreeSet::new();
        for Spooled { path, name } in spool.files()? {
            self.store(context, &path, &name).await?;
            logs.insert(PartName { number: 1, ..name });
        }
        for name in logs {
            log_stored(context, &name).await?;
        }
        Ok(())
    }

    /// Stores a part and removes it from the disk.
    async fn store(&self, context: &Context, path: &std::path::Path, name: &PartName) -> Result<(), Failure> {
        let (enterprise_id, recording_id, now) = (name.enterprise_id, name.recording_id, context.clock.now());
        let bytes = tokio::fs::read(path).await?;
        let size = i64::try_from(bytes.len())?;
        let begin = move |conn: &mut _| file::begin(conn, enterprise_id, Kind::Recording, true, now);
        let key = context.db.write(begin).await?;
        let part = futures_util::stream::iter([Ok::<_, crate::storage::Error>(Bytes::from(bytes))]);
        // What is not kept is removed later.
        self.storage.put(&format!("{key}/{PART}"), part).await?;
        let (log, number) = (name.log.clone(), i64::from(name.number));
        let part = StoredPart { enterprise_id, recording_id, log, number, key, bytes: size };
        context.db.write(move |conn| online_recording::part_stored(conn, &part, now)).await?;
        match tokio::fs::remove_file(path).await {
            Err(problem) if problem.kind() != io::ErrorKind::NotFound => Err(problem.into()),
            _ => Ok(()),
        }
    }
}

async fn log_stored(context: &Context, name: &PartName) -> domain::Result<()> {
    let name = name.clone();
    let stored =
        move |conn: &mut _| online_recording::log_stored(conn, name.enterprise_id, name.recording_id, &name.log);
    context.db.write(stored).await
}
