//! The worker that sends followers what was appended to the logs of their classes, by this instance or another.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::announcement::Announcement;
use super::format::EntryFormat;
use super::hub::Hub;
use super::pace::Pace;
use super::room::Room;
use super::update::Signal;
use crate::db::Db;
use crate::domain::classroom::log as class_log;
use crate::domain::ids::ClassId;
use crate::jobs::{Context, Worker};

/// How often to look for what was not announced.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many classes are read at a time.
const ROOMS_AT_ONCE: usize = 8;
/// How many class ids one query has.
const IDS_AT_ONCE: usize = 1_000;
/// How many signals one announcement has at most.
const SIGNALS_AT_ONCE: usize = 64;

/// The worker.
pub struct Publisher {
    hub: Arc<Hub>,
    format: Arc<dyn EntryFormat>,
}

impl Publisher {
    /// A worker for the followers of a hub.
    #[must_use]
    pub fn new(hub: Arc<Hub>, format: Arc<dyn EntryFormat>) -> Self {
        Self { hub, format }
    }

    /// Sends the entries that this instance has committed, and announces them to the other instances.
    async fn publish_own(&self, db: &Db, class_ids: Vec<ClassId>) {
        let rooms = class_ids.iter().filter_map(|class_id| self.hub.room(*class_id)).collect();
        let from = self.hub.instance;
        let texts = class_ids.iter().map(|class_id| Announcement::of_entries(from, *class_id).text());
        let (announced, ()) = tokio::join!(db.announce(texts.collect()), self.publish(db, rooms));
        note(announced);
    }

    async fn publish(&self, db: &Db, rooms: Vec<Arc<Room>>) {
        let published = stream::iter(rooms).for_each_concurrent(ROOMS_AT_ONCE, |room| async move {
            // It is sent at the next look.
            note(room.publish(db, &*self.format).await);
        });
        published.await;
    }

    /// Sends what another instance announced.
    async fn receive(&self, db: &Db, first: String, more: Vec<String>) {
        let mut appended = HashSet::new();
        for text in std::iter::once(first).chain(more) {
            let Ok(Announcement { from, class_id, signal, connection }) = serde_json::from_str(&text) else { continue };
            if from == self.hub.instance {
                continue;
            }
            match signal {
                Some((user_id, text)) => {
                    self.hub.signal_here(class_id, Signal { user_id, text: text.into(), connection });
                }
                None => drop(appended.insert(class_id)),
            }
        }
        let rooms = appended.into_iter().filter_map(|class_id| self.hub.room(class_id)).collect();
        self.publish(db, rooms).await;
    }

    /// Looks for entries that were not announced, and for classes that were deleted.
    async fn look(&self, db: &Db) {
        for some in self.hub.rooms().chunks(IDS_AT_ONCE) {
            let class_ids: Vec<ClassId> = some.iter().map(|room| room.class_id).collect();
            let last = match db.read(move |conn| class_log::last_sequences(conn, &class_ids)).await {
                Ok(last) => last.into_iter().collect::<HashMap<_, _>>(),
                failed => return note(failed.map(drop)),
            };
            let mut behind = Vec::new();
            for room in some {
                match last.get(&room.class_id) {
                    Some(sequence) if room.has_sent(*sequence).await => {}
                    Some(_) => behind.push(room.clone()),
                    None => room.broadcast_deletion().await,
                }
            }
            self.publish(db, behind).await;
        }
    }

    async fn run(&self, context: Context) {
        let Context { db, stop, clock, .. } = context;
        let appended = db.notifier(&class_log::APPENDED);
        let mut announcements = match db.announcements() {
            Ok(announcements) => announcements,
            Err(problem) => return log::error!("the channel of classes can't be served: {problem}"),
        };
        let mut outgoing = self.hub.outgoing.lock().await;
        let mut pace = Pace::default();
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stop.requested() => return,
                () = pace.wait() => {
                    let class_ids = pace.gathered(Instant::now());
                    self.publish_own(&db, class_ids).await;
                }
                class_ids = appended.wait() => {
                    let class_ids = pace.admit(class_ids, Instant::now());
                    self.publish_own(&db, class_ids).await;
                }
                text = announcements.next() => {
                    let more = announcements.waiting();
                    self.receive(&db, text, more).await;
                }
                Some(first) = outgoing.recv() => note(db.announce(texts(first, &mut outgoing)).await),
                _ = looks.tick() => {
                    self.hub.forget_old_connections(clock.now());
                    self.look(&db).await;
                }
            }
        }
    }
}

/// The texts of the signals that wait.
fn texts(first: Announcement, waiting: &mut mpsc::Receiver<Announcement>) -> Vec<String> {
    let more = std::iter::from_fn(|| waiting.try_recv().ok()).take(SIGNALS_AT_ONCE);
    std::iter::once(first).chain(more).map(|announcement| announcement.text()).collect()
}

fn note<E: std::fmt::Display>(result: Result<(), E>) {
    if let Err(problem) = result {
        log::warn!("followers of classes get updates later: {problem}");
    }
}

impl Worker for Publisher {
    fn name(&self) -> &'static str {
        "channel of classes"
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        self.run(context).boxed()
    }
}
