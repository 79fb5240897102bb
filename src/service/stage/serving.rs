//! The worker that answers the requests of other instances.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::exchange::{Announcement, Exchange, Outcome, offer_of};
use super::host::Host;
use super::placement::Placement;
use crate::db::Db;
use crate::domain;
use crate::domain::classroom::class;
use crate::jobs::{Context, Worker};
use crate::store::classroom::media_request;
use crate::store::classroom::media_request::MediaRequest;

/// How often to look for requests that were not announced.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How many requests are read at a time.
const AT_ONCE: i64 = 200;

/// The worker.
pub(super) struct Serving(Arc<Served>);

struct Served {
    host: Arc<Host>,
    placement: Arc<Placement>,
    exchange: Arc<Exchange>,
    /// The requests that are being answered.
    taken: Mutex<HashSet<i64>>,
}

impl Serving {
    pub fn new(host: Arc<Host>, placement: Arc<Placement>, exchange: Arc<Exchange>) -> Self {
        Self(Arc::new(Served { host, placement, exchange, taken: Mutex::default() }))
    }

    async fn run(&self, context: Context) {
        let Context { db, stop, .. } = context;
        let mut announcements = match db.announcements() {
            Ok(announcements) => announcements,
            Err(problem) => return log::error!("requests of other media servers can't be answered: {problem}"),
        };
        let mut tasks = JoinSet::new();
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let is_asked = tokio::select! {
                biased;
                () = stop.requested() => return,
                text = announcements.next() => self.0.receive(&text),
                _ = looks.tick() => true,
                Some(_) = tasks.join_next(), if !tasks.is_empty() => false,
            };
            if is_asked {
                match self.0.waiting(&db).await {
                    Ok(requests) => {
                        for request in requests {
                            let (served, db) = (self.0.clone(), db.clone());
                            tasks.spawn(async move { served.serve(&db, request).await });
                        }
                    }
                    Err(problem) => log::warn!("requests of other media servers are answered later: {problem}"),
                }
            }
        }
    }
}

impl Served {
    /// Receives an announcement. Returns whether there is a request for this instance.
    fn receive(&self, text: &str) -> bool {
        // Others are about the logs of classes.
        match serde_json::from_str(text) {
            Ok(Announcement::MediaRequest(instance_id)) => instance_id == self.placement.instance_id,
            Ok(Announcement::MediaAnswer(id)) => {
                self.exchange.answered(id);
                false
            }
            Err(_) => false,
        }
    }

    /// Takes the requests that wait for this instance.
    async fn waiting(&self, db: &Db) -> domain::Result<Vec<MediaRequest>> {
        let own = self.placement.instance_id;
        let read = move |conn: &mut _| Ok::<_, domain::Error>(media_request::waiting(conn, own, AT_ONCE)?);
        let mut requests = db.read(read).await?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        requests.retain(|request| taken.insert(request.id));
        Ok(requests)
    }

    async fn serve(&self, db: &Db, request: MediaRequest) {
        let outcome = self.outcome(db, &request).await;
        if let Err(problem) = self.exchange.answer(&request, &outcome).await {
            log::warn!("a request of another media server is not answered: {problem}");
        }
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&request.id);
    }

    async fn outcome(&self, db: &Db, request: &MediaRequest) -> Outcome {
        let (caller, offer) = offer_of(request);
        if request.offer.is_none() {
            if let Some(session) = offer.session {
                self.host.disconnect(request.class_id, caller, session);
            }
            return Outcome::NoRoom;
        }
        match self.placement.find(request.enterprise_id, request.class_id).await {
            Ok(Some(instance_id)) if instance_id == self.placement.instance_id => {}
            Ok(_) => return Outcome::Moved,
            Err(_) => return Outcome::NoRoom,
        }
        let class_id = request.class_id;
        match db.read(move |conn| class::host(conn, class_id)).await {
            Ok(enterprise) => self.host.connect(Arc::new(enterprise), caller, offer).await.into(),
            Err(_) => Outcome::NoRoom,
        }
    }
}

impl Worker for Serving {
    fn name(&self) -> &'static str {
        "requests of other media servers"
    }

    fn run(&self, context: Context) -> BoxFuture<'_, ()> {
        self.run(context).boxed()
    }
}
