//! A media server that carries nothing: it remembers what it is asked, and notices what a test says.

use super::PATIENCE;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use lectern::domain::ids::ClassId;
use lectern::media::{
    Answer, ConnectError, ConnectRequest, MediaEngine, MediaEvent, MediaSessionId, MediaUsage, Permissions, Source,
    Tap, TrackSink,
};
use lectern::server::StartMedia;
use tokio::sync::{mpsc, watch};

/// An offer that the server can't accept.
pub const BAD_OFFER: &str = "v=0 bad";

/// A media session.
#[derive(Clone, Debug)]
pub struct Held {
    pub class_id: i64,
    pub user_id: String,
    pub permissions: Permissions,
    /// The offers, the latest last.
    pub offers: Vec<String>,
    pub sources: Vec<(String, Source)>,
    pub bitrate: u32,
}

/// The media sessions, by their ids.
pub type Sessions = BTreeMap<String, Held>;

/// The media server.
pub struct FakeMedia {
    sessions: watch::Sender<Sessions>,
    events: mpsc::UnboundedSender<MediaEvent>,
    receiver: Mutex<Option<mpsc::UnboundedReceiver<MediaEvent>>>,
    /// Closed while offers wait for their answers.
    gate: watch::Sender<bool>,
    /// How many offers came.
    asked: watch::Sender<usize>,
    pub load: std::sync::atomic::AtomicU64,
    /// The classes that are recorded.
    pub recorded: watch::Sender<BTreeSet<i64>>,
    /// The classes that are shown live.
    pub live: watch::Sender<BTreeSet<i64>>,
}

impl FakeMedia {
    pub fn new() -> Arc<Self> {
        let (events, receiver) = mpsc::unbounded_channel();
        let (sessions, gate, asked) = (watch::Sender::default(), watch::Sender::new(true), watch::Sender::new(0));
        Arc::new(Self {
            sessions,
            events,
            receiver: Mutex::new(Some(receiver)),
            gate,
            asked,
            load: 0.into(),
            recorded: watch::Sender::default(),
            live: watch::Sender::default(),
        })
    }

    /// What a service starts it with.
    pub fn start(self: &Arc<Self>) -> StartMedia {
        let engine = self.clone();
        Box::new(move |_| Ok(engine))
    }

    /// The media sessions now.
    pub fn sessions(&self) -> Sessions {
        self.sessions.borrow().clone()
    }

    /// The media sessions of a user.
    pub fn of(&self, user_id: &str) -> Vec<String> {
        let own = |(id, held): (String, Held)| (held.user_id == user_id).then_some(id);
        self.sessions().into_iter().filter_map(own).collect()
    }

    /// Waits until this is true of the media sessions.
    pub async fn until(&self, wanted: impl FnMut(&Sessions) -> bool) {
        let mut sessions = self.sessions.subscribe();
        let found = tokio::time::timeout(PATIENCE, sessions.wait_for(wanted)).await;
        assert!(found.is_ok(), "waited in vain: {:?}", self.sessions());
    }

    /// Waits until this is what is let through of a user.
    pub async fn until_permitted(&self, user_id: &str, sources: &[Source]) {
        let is_so = |held: &Held| {
            let allowed = Source::ALL.into_iter().filter(|source| held.permissions.allow(*source));
            held.user_id != user_id || allowed.eq(sources.iter().copied())
        };
        self.until(|sessions| sessions.values().all(is_so) && sessions.values().any(|h| h.user_id == user_id)).await;
    }

    /// Lets offers wait, or answers them.
    pub fn answer_offers(&self, answers: bool) {
        self.gate.send_replace(answers);
    }

    /// Waits until this many offers have come.
    pub async fn until_asked(&self, offers: usize) {
        let mut asked = self.asked.subscribe();
        let came = tokio::time::timeout(PATIENCE, asked.wait_for(|asked| *asked >= offers)).await;
        assert!(came.is_ok(), "no offer came");
    }

    /// Notices that a source of a user has stopped.
    pub fn stop(&self, class_id: i64, user_id: &str, source: Source) {
        let (class_id, user_id) = (ClassId(class_id), user_id.to_owned());
        self.events.send(MediaEvent::Stopped { class_id, user_id, source }).unwrap();
    }

    /// Ends the media sessions that this is true of.
    pub fn end(&self, is_ended: impl Fn(&str, &Held) -> bool) {
        let mut gone = Vec::new();
        self.sessions.send_modify(|sessions| {
            gone.extend(sessions.extract_if(.., |id, held| is_ended(id, held)).map(|(_, held)| held));
        });
        let left = self.sessions();
        let is_left = |gone: &Held| left.values().any(|h| (h.class_id, &h.user_id) == (gone.class_id, &gone.user_id));
        for Held { class_id, user_id, .. } in gone.into_iter().filter(|gone| !is_left(gone)) {
            // Nobody receives it when the service has stopped.
            let _ = self.events.send(MediaEvent::Ended { class_id: ClassId(class_id), user_id });
        }
    }
}

impl MediaEngine for FakeMedia {
    fn connect(&self, request: ConnectRequest) -> BoxFuture<'_, Result<Answer, ConnectError>> {
        async move {
            self.asked.send_modify(|asked| *asked += 1);
            let mut gate = self.gate.subscribe();
            gate.wait_for(|answers| *answers).await.unwrap();
            let ConnectRequest { class_id, user_id, session, offer, sources, permissions, limits } = request;
            if offer == BAD_OFFER {
                return Err(ConnectError::BadOffer("no line can be used".into()));
            }
            let sources = sources.into_iter().map(|line| (line.mid, line.source)).collect();
            let sdp = format!("answer to {offer}");
            if let Some(session) = session {
                let mut is_there = false;
                self.sessions.send_modify(|sessions| {
                    let Some(held) = sessions.get_mut(&session.0) else { return };
                    held.offers.push(offer);
                    held.sources = sources;
                    is_there = true;
                });
                return if is_there { Ok(Answer { session, sdp }) } else { Err(ConnectError::SessionOver) };
            }
            let id = format!("{:032x}", rand::random::<u128>());
            let (class_id, bitrate) = (class_id.0, limits.bitrate);
            let held = Held { class_id, user_id, permissions, offers: vec![offer], sources, bitrate };
            self.sessions.send_modify(|sessions| drop(sessions.insert(id.clone(), held)));
            Ok(Answer { session: MediaSessionId(id), sdp })
        }
        .boxed()
    }

    fn permit(&self, class_id: ClassId, user_id: &str, permissions: Permissions) {
        self.sessions.send_modify(|sessions| {
            let own = sessions.values_mut().filter(|held| held.class_id == class_id.0 && held.user_id == user_id);
            own.for_each(|held| held.permissions = permissions);
        });
    }

    fn disconnect(&self, class_id: ClassId, session: &MediaSessionId) {
        self.end(|id, held| held.class_id == class_id.0 && id == session.0);
    }

    fn remove(&self, class_id: ClassId, user_id: &str) {
        self.end(|_, held| held.class_id == class_id.0 && held.user_id == user_id);
    }

    fn close(&self, class_id: ClassId) {
        self.end(|_, held| held.class_id == class_id.0);
    }

    fn record(&self, class_id: ClassId, tap: Tap, sink: Option<Arc<dyn TrackSink>>) {
        let classes = match tap {
            Tap::Recording => &self.recorded,
            Tap::Live => &self.live,
        };
        classes.send_modify(|classes| match sink {
            Some(_) => drop(classes.insert(class_id.0)),
            None => drop(classes.remove(&class_id.0)),
        });
    }

    fn classes(&self) -> BoxFuture<'_, Vec<ClassId>> {
        let classes = self.sessions().into_values().map(|held| ClassId(held.class_id)).collect();
        std::future::ready(classes).boxed()
    }

    fn events(&self) -> Option<mpsc::UnboundedReceiver<MediaEvent>> {
        self.receiver.lock().unwrap().take()
    }

    fn load(&self) -> u64 {
        self.load.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn usage(&self) -> MediaUsage {
        let sessions = self.sessions();
        let classes: BTreeSet<i64> = sessions.values().map(|held| held.class_id).collect();
        MediaUsage { rooms: classes.len() as u64, sessions: sessions.len() as u64, packets: self.load() }
    }
}
