//! The workers of the stage: one runs the followers of classes; one keeps the places of this instance and forgets classes
//! without media sessions.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::desk::{Local, Others, Stage};
use super::follower::follow;
use super::host::{Host, ToFollow};
use super::serving::Serving;
use crate::domain;
use crate::jobs::{AtStop, Context, Failure, Next, Periodic, Worker, periodic};
use crate::media::MediaEvent;

/// How often leases are renewed, and classes without media sessions are looked for.
const EVERY: Duration = Duration::from_secs(1);

/// The workers of a stage. Without a media server there are none.
#[must_use]
pub fn workers(stage: &Stage) -> Vec<Box<dyn Worker>> {
    let Some(local) = stage.local() else { return Vec::new() };
    let (Some(classes), Some(events)) = (local.take_classes(), local.host.engine.events()) else { return Vec::new() };
    let received = Mutex::new(Received { classes, events });
    let mut workers: Vec<Box<dyn Worker>> =
        vec![Box::new(Followers { host: local.host.clone(), received }), periodic(Keeping(local.clone()))];
    if let Some(Others { placement, exchange }) = local.others.clone() {
        workers.push(Box::new(Serving::new(local.host.clone(), placement, exchange)));
    }
    workers
}

struct Followers {
    host: Arc<Host>,
    /// Kept when the worker is started again.
    received: Mutex<Received>,
}

struct Received {
    classes: mpsc::UnboundedReceiver<ToFollow>,
    events: mpsc::UnboundedReceiver<MediaEvent>,
}

impl Followers {
    async fn run(&self, context: Context) {
        let mut received = self.received.lock().await;
        let Received { classes, events } = &mut *received;
        // Each class has a task of its own: one that waits for the database holds up no other.
        let mut tasks = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = context.stop.requested() => return,
                Some(followed) = classes.recv() => {
                    let host = self.host.clone();
                    tasks.spawn(async move { follow(&host, followed).await });
                }
                Some(event) = events.recv() => self.host.notice(event),
                Some(ended) = tasks.join_next(), if !tasks.is_empty() => {
                    if let Err(problem) = ended {
                        log::error!("a class on stage is not followed any more: {problem}");
                    }
                }
            }
        }
    }
}

impl Worker for Followers {
    fn name(&self) -> &'static str {
        "classes on stage"
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        self.run(context).boxed()
    }
}

struct Keeping(Local);

impl Periodic for Keeping {
    const NAME: &'static str = "places of classes on stage";
    const AT_STOP: AtStop = AtStop::Abandon;

    async fn step(&self, _: &Context) -> Result<Next, Failure> {
        let Local { host, others, .. } = &self.0;
        if let Some(Others { placement, .. }) = others {
            let lost = placement.renew(host.engine.load(), host.classes.ids()).await.map_err(cause)?;
            for class_id in lost {
                log::warn!("another instance has class {class_id} now, whose media sessions end here");
                host.close(class_id);
            }
            placement.remove_old().await.map_err(cause)?;
        }
        host.forget_empty().await;
        Ok(Next::After(EVERY))
    }
}

fn cause(error: domain::Error) -> Failure {
    error.into()
}
