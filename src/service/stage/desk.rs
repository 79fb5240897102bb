//! Takes the offers of components, and passes each to the media server that has the class.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::exchange::{DEADLINE, Exchange, Reply};
use super::host::{Host, Outlets, ToFollow};
use super::offer::{Caller, Offer, OfferError};
use super::placement::Placement;
use crate::clock::Clock;
use crate::db::Db;
use crate::domain;
use crate::domain::classroom::class::Class;
use crate::domain::classroom::session::Component;
use crate::domain::classroom::stage;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::media::{Answer, MediaEngine, MediaSessionId, MediaUsage};
use crate::realtime::Hub;

/// How long giving up the places may take when the instance stops.
const GIVE_UP: Duration = Duration::from_secs(1);

/// Voice and pictures of classes.
pub struct Stage {
    db: Db,
    clock: Clock,
    local: Option<Local>,
}

/// The media server of this instance, and those of others.
#[derive(Clone)]
pub(super) struct Local {
    pub host: Arc<Host>,
    /// `None` on an embedded database, which has one instance.
    pub others: Option<Others>,
    /// Taken by the worker.
    pub classes: Arc<Mutex<Option<mpsc::UnboundedReceiver<ToFollow>>>>,
}

/// What an instance knows of others.
#[derive(Clone)]
pub(super) struct Others {
    pub placement: Arc<Placement>,
    pub exchange: Arc<Exchange>,
}

impl Stage {
    /// A stage with the media server of this instance, and what takes more of its classes; `None` for an instance without one.
    #[must_use]
    pub fn new(engine: Option<Arc<dyn MediaEngine>>, outlets: Outlets, hub: &Arc<Hub>, db: &Db, clock: &Clock) -> Self {
        let local = engine.map(|engine| {
            let (host, classes) = Host::new(engine, outlets, hub.clone(), db.clone(), clock.clone());
            let others = (!db.is_embedded()).then(|| Others {
                placement: Arc::new(Placement::new(db.clone(), clock.clone())),
                exchange: Arc::new(Exchange::new(db.clone(), clock.clone())),
            });
            Local { host: Arc::new(host), others, classes: Arc::new(Mutex::new(Some(classes))) }
        });
        Self { db: db.clone(), clock: clock.clone(), local }
    }

    /// Whether this instance has a media server.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.local.is_some()
    }

    /// What the media server of this instance has; `None` without one.
    #[must_use]
    pub fn usage(&self) -> Option<MediaUsage> {
        self.local.as_ref().map(|local| local.host.engine.usage())
    }

    /// Returns the class that a component is inside.
    ///
    /// # Errors
    /// Those of [`stage::require_inside`].
    pub async fn class_of(
        &self,
        enterprise: &Enterprise,
        class_id: ClassId,
        component: Component,
    ) -> domain::Result<Class> {
        let (enterprise_id, now) = (enterprise.enterprise_id, self.clock.now());
        self.db.read(move |conn| stage::require_inside(conn, enterprise_id, class_id, &component, now)).await
    }

    /// Answers an offer of a component.
    ///
    /// # Errors
    /// See [`OfferError`].
    pub async fn connect(
        &self,
        enterprise: Arc<Enterprise>,
        component: Component,
        offer: Offer,
    ) -> Result<Answer, OfferError> {
        let caller = Caller { user_id: component.user_id.clone(), token_hash: component.token_hash.clone() };
        self.class_of(&enterprise, offer.class_id, component).await?;
        let local = self.local.clone().ok_or(OfferError::Off)?;
        // A task of its own: when the caller goes away meanwhile, the media session must not stay without its checks.
        let connecting = tokio::spawn(async move { local.connect(enterprise, caller, offer).await });
        connecting.await.unwrap_or(Err(OfferError::NoRoom))
    }

    /// Ends a media session of a component. One that is over already is ignored.
    ///
    /// # Errors
    /// Those of [`stage::require_inside`].
    pub async fn disconnect(
        &self,
        enterprise: &Enterprise,
        class_id: ClassId,
        component: Component,
        session: MediaSessionId,
    ) -> domain::Result<()> {
        let caller = Caller { user_id: component.user_id.clone(), token_hash: component.token_hash.clone() };
        self.class_of(enterprise, class_id, component).await?;
        let Some(Local { host, others, .. }) = &self.local else { return Ok(()) };
        if let Some(Others { placement, exchange }) = others
            && let Some(instance_id) = placement.find(enterprise.enterprise_id, class_id).await?
            && instance_id != placement.instance_id
        {
            return exchange.disconnect(instance_id, (enterprise.enterprise_id, class_id), &caller, session).await;
        }
        host.disconnect(class_id, caller, session);
        Ok(())
    }

    /// Gives up the classes of this instance, ends their media sessions and takes no more, because the instance stops. Pages
    /// connect again, at another one.
    pub async fn drain(&self) {
        let Some(Local { host, others, .. }) = &self.local else { return };
        if let Some(Others { placement, .. }) = others {
            match timeout(GIVE_UP, placement.give_up()).await {
                Ok(Ok(())) => {}
                Ok(Err(problem)) => log::warn!("other instances get the classes on stage later: {problem}"),
                Err(_) => log::warn!("other instances get the classes on stage later: the database is slow"),
            }
        }
        host.drain();
    }

    pub(super) fn local(&self) -> Option<&Local> {
        self.local.as_ref()
    }
}

impl Local {
    async fn connect(&self, enterprise: Arc<Enterprise>, caller: Caller, offer: Offer) -> Result<Answer, OfferError> {
        let Some(Others { placement, exchange }) = &self.others else {
            return self.host.connect(enterprise, caller, offer).await;
        };
        let (enterprise_id, class_id) = (enterprise.enterprise_id, offer.class_id);
        let deadline = Instant::now() + DEADLINE;
        while Instant::now() < deadline {
            let instance_id = if offer.session.is_some() {
                // A media session is over when no instance has its class.
                placement.find(enterprise_id, class_id).await?.ok_or(OfferError::SessionOver)?
            } else {
                placement.place(enterprise_id, class_id).await?.ok_or(OfferError::NoRoom)?
            };
            if instance_id == placement.instance_id {
                return self.host.connect(enterprise, caller, offer).await;
            }
            let asked = exchange.ask(placement, instance_id, (enterprise_id, &caller, &offer), deadline).await?;
            if let Reply::Answered(answer) = asked {
                return Ok(answer);
            }
        }
        Err(OfferError::NoRoom)
    }

    pub fn take_classes(&self) -> Option<mpsc::UnboundedReceiver<ToFollow>> {
        self.classes.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
