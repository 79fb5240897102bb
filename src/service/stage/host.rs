//! The media server of this instance, and the classes that it has: takes offers, and lets through what the states of people
//! allow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::hosted::{Connected, Connecting, HostedClass, HostedClasses, Stopped};
use super::offer::{Caller, Offer, OfferError};
use crate::clock::Clock;
use crate::db::Db;
use crate::domain;
use crate::domain::classroom::stage;
use crate::domain::classroom::stage::{CameraSettings, Participant, Permissions};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::media::{Answer, ConnectRequest, MediaEngine, MediaEvent, MediaSessionId, VideoLimits};
use crate::realtime::{Follower, Hub};
use crate::recording::{Live, Recorder};

/// How long the media server may take to answer an offer.
const ANSWER: Duration = Duration::from_secs(5);

/// A class that is to be followed.
pub(super) struct ToFollow {
    pub class: Arc<HostedClass>,
    pub follower: Follower,
    pub stopped: mpsc::UnboundedReceiver<Stopped>,
}

/// What takes the voices and pictures of classes, besides those inside.
#[derive(Clone, Default)]
pub struct Outlets {
    /// What records them.
    pub recorder: Option<Arc<Recorder>>,
    /// What shows them live.
    pub live: Option<Arc<Live>>,
}

/// The media server, and the classes that it has.
pub(super) struct Host {
    pub engine: Arc<dyn MediaEngine>,
    pub hub: Arc<Hub>,
    pub db: Db,
    pub clock: Clock,
    pub classes: HostedClasses,
    pub outlets: Outlets,
    is_draining: AtomicBool,
    to_follow: mpsc::UnboundedSender<ToFollow>,
}

impl Host {
    /// A host without classes, and the classes that are to be followed from now on.
    pub fn new(
        engine: Arc<dyn MediaEngine>,
        outlets: Outlets,
        hub: Arc<Hub>,
        db: Db,
        clock: Clock,
    ) -> (Self, mpsc::UnboundedReceiver<ToFollow>) {
        let (to_follow, classes) = mpsc::unbounded_channel();
        let (hosted, is_draining) = (HostedClasses::default(), AtomicBool::new(false));
        (Self { engine, hub, db, clock, classes: hosted, outlets, is_draining, to_follow }, classes)
    }

    /// Takes an offer of somebody inside a class.
    pub async fn connect(
        &self,
        enterprise: Arc<Enterprise>,
        caller: Caller,
        offer: Offer,
    ) -> Result<Answer, OfferError> {
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(OfferError::NoRoom);
        }
        let (Caller { user_id, token_hash }, Offer { class_id, session, sdp, sources }) = (caller, offer);
        let connecting = self.open(enterprise, class_id).await?;
        let class = &connecting.0;
        if let Some(session) = &session
            && !class.has(&user_id, &Connected { session: session.clone(), token_hash: token_hash.clone() })
        {
            return Err(OfferError::SessionOver);
        }
        let participant = self.participant(class, &user_id).await?;
        let Some(participant) =
            participant.filter(|inside| inside.token_hash.as_ref().is_none_or(|h| *h == token_hash))
        else {
            return Err(domain::Error::NotInside { user_id, class_id }.into());
        };
        let permissions = participant.permissions;
        let limits = limits(participant.camera);
        let request =
            ConnectRequest { class_id, user_id: user_id.clone(), session, offer: sdp, sources, permissions, limits };
        let answer = timeout(ANSWER, self.engine.connect(request)).await.map_err(|_| OfferError::NoRoom)??;
        class.remember(&user_id, Connected { session: answer.session.clone(), token_hash });
        // The states may have changed while the media server did not know the session.
        if let Err(problem) = self.refresh(class, &user_id).await {
            self.engine.disconnect(class_id, &answer.session);
            return Err(problem.into());
        }
        if !self.classes.has(class) {
            self.engine.disconnect(class_id, &answer.session);
            return Err(OfferError::NoRoom);
        }
        Ok(answer)
    }

    /// Ends a media session of a component.
    pub fn disconnect(&self, class_id: ClassId, caller: Caller, session: MediaSessionId) {
        let connected = Connected { session, token_hash: caller.token_hash };
        if self.classes.get(class_id).is_some_and(|class| class.has(&caller.user_id, &connected)) {
            self.engine.disconnect(class_id, &connected.session);
        }
    }

    /// Ends all media sessions and takes no more. The states of devices stay: those who had them connect again elsewhere.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
        self.classes.ids().into_iter().for_each(|class_id| self.close(class_id));
    }

    /// Ends all media sessions of a class, and follows it no longer.
    pub fn close(&self, class_id: ClassId) {
        self.classes.remove(class_id);
        self.engine.close(class_id);
    }

    /// Lets through of a user what their states allow now, and ends media sessions of components that are not inside.
    pub async fn refresh(&self, class: &HostedClass, user_id: &str) -> domain::Result<()> {
        let participant = self.participant(class, user_id).await?;
        self.apply(class, user_id, participant.as_ref());
        Ok(())
    }

    /// As [`Self::refresh`], for everybody who has connected. A class that is over is closed.
    pub async fn refresh_all(&self, class: &HostedClass) -> domain::Result<()> {
        let (enterprise_id, class_id, now) = (class.enterprise_id(), class.class_id, self.clock.now());
        let user_ids = class.users();
        let connected = user_ids.clone();
        let read = move |conn: &mut _| stage::participants(conn, enterprise_id, class_id, &connected, now);
        match self.db.read_slow(read).await? {
            Some(inside) => user_ids.iter().for_each(|user_id| self.apply(class, user_id, inside.get(user_id))),
            None => self.close(class_id),
        }
        Ok(())
    }

    pub fn permit(&self, class: &HostedClass, user_id: &str, permissions: Permissions) {
        self.engine.permit(class.class_id, user_id, permissions);
    }

    /// Passes an event of the media server on to the follower of its class.
    pub fn notice(&self, event: MediaEvent) {
        let (class_id, user_id, sources) = match event {
            MediaEvent::Stopped { class_id, user_id, source } => (class_id, user_id, vec![source]),
            MediaEvent::Ended { class_id, user_id } => (class_id, user_id, stage::Source::ALL.to_vec()),
        };
        if let Some(class) = self.classes.get(class_id) {
            class.stopped(user_id, sources);
        }
    }

    /// Forgets the classes that have no media sessions any more.
    pub async fn forget_empty(&self) {
        let before = self.classes.uses();
        let used = self.engine.classes().await;
        for (class_id, before) in before {
            self.classes.remove_empty(class_id, before, !used.contains(&class_id));
        }
    }

    fn apply(&self, class: &HostedClass, user_id: &str, participant: Option<&Participant>) {
        let Some(Participant { token_hash, permissions, .. }) = participant else {
            return self.engine.remove(class.class_id, user_id);
        };
        let others: Vec<MediaSessionId> =
            token_hash.as_deref().map(|token_hash| class.take_others(user_id, token_hash)).unwrap_or_default();
        for session in &others {
            self.engine.disconnect(class.class_id, session);
        }
        self.permit(class, user_id, *permissions);
    }

    async fn participant(&self, class: &HostedClass, user_id: &str) -> domain::Result<Option<Participant>> {
        let (enterprise_id, class_id, user_id) = (class.enterprise_id(), class.class_id, user_id.to_owned());
        self.db.read(move |conn| stage::participant(conn, enterprise_id, class_id, &user_id)).await
    }

    /// Follows a class from now on. Whatever changes after this is received.
    async fn open(&self, enterprise: Arc<Enterprise>, class_id: ClassId) -> domain::Result<Connecting> {
        if let Some(connecting) = self.classes.enter(class_id) {
            return Ok(connecting);
        }
        let enterprise_id = enterprise.enterprise_id;
        self.db.write(move |conn| stage::open(conn, enterprise_id, class_id)).await?;
        let follower = self.hub.follow(&self.db, enterprise.clone(), class_id).await?;
        let (class, stopped) = HostedClass::new(enterprise, class_id);
        let (connecting, is_new) = self.classes.add(class.clone());
        if is_new {
            // The worker has ended only when the instance stops.
            let _ = self.to_follow.send(ToFollow { class, follower, stopped });
        }
        Ok(connecting)
    }
}

/// What is let through of a camera.
fn limits(camera: CameraSettings) -> VideoLimits {
    let CameraSettings { bitrate, width, height, fps } = camera;
    VideoLimits { bitrate, pixels: width * height, fps }
}
