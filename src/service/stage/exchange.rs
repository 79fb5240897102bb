//! Requests between instances: an offer that came to one goes, as a row, to the one that has the class. Announcements make
//! that quick; what they miss is found by looking.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::offer::{Caller, Offer, OfferError};
use super::placement::Placement;
use crate::clock::Clock;
use crate::db::Db;
use crate::domain;
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::media::{Answer, MediaSessionId, Source, SourceLine};
use crate::store::classroom::media_request;
use crate::store::classroom::media_request::MediaRequest;

/// How long an instance may take to answer.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);
/// How often to look for an answer that was not announced.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What instances announce to one another.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Announcement {
    /// There is a request for this instance.
    MediaRequest(i64),
    /// The request with this id is answered.
    MediaAnswer(i64),
}

/// The answer to a request, as it is stored.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// The media session, and the answer to the offer.
    Answer(String, String),
    /// The media session is over.
    SessionOver,
    /// The offer can't be accepted.
    BadOffer(String),
    /// The instance has no room, or could not find out.
    NoRoom,
    /// The instance does not have the class any more.
    Moved,
}

/// What becomes of a request.
pub(super) enum Reply {
    /// The instance answered.
    Answered(Answer),
    /// The class has moved: ask the instance that has it now.
    Moved,
}

/// Sends requests to other instances, and waits for their answers.
pub(super) struct Exchange {
    db: Db,
    clock: Clock,
    waiting: Mutex<HashMap<i64, Arc<Notify>>>,
}

impl Exchange {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, waiting: Mutex::default() }
    }

    /// Sends an offer to an instance, and waits for the answer until the deadline.
    pub async fn ask(
        &self,
        placement: &Placement,
        instance_id: i64,
        (enterprise_id, caller, offer): (EnterpriseId, &Caller, &Offer),
        deadline: Instant,
    ) -> Result<Reply, OfferError> {
        let (class_id, request) = (offer.class_id, self.request(instance_id, enterprise_id, caller, offer));
        let id = request.id;
        let answered = Arc::new(Notify::new());
        lock(&self.waiting).insert(id, answered.clone());
        let asked = async {
            self.db.write(move |conn| Ok::<_, domain::Error>(media_request::insert(conn, &request)?)).await?;
            self.announce(&Announcement::MediaRequest(instance_id)).await;
            loop {
                // Whether it was announced or not, the row says whether there is an answer.
                let _ = timeout(LOOK_EVERY, answered.notified()).await;
                let read =
                    move |conn: &mut _| Ok::<_, domain::Error>(media_request::answer_to(conn, enterprise_id, id)?);
                if let Some(text) = self.db.read(read).await? {
                    return outcome(&text);
                }
                if placement.find(enterprise_id, class_id).await? != Some(instance_id) {
                    return Ok(Reply::Moved);
                }
                if Instant::now() >= deadline {
                    return Err(OfferError::NoRoom);
                }
            }
        };
        let result = asked.await;
        lock(&self.waiting).remove(&id);
        let remove = move |conn: &mut _| Ok::<_, domain::Error>(media_request::remove(conn, enterprise_id, id)?);
        if let Err(problem) = self.db.write(remove).await {
            log::warn!("a request to another media server is removed later: {problem}");
        }
        result
    }

    /// Sends the end of a media session to an instance, and does not wait for it.
    pub async fn disconnect(
        &self,
        instance_id: i64,
        (enterprise_id, class_id): (EnterpriseId, ClassId),
        caller: &Caller,
        session: MediaSessionId,
    ) -> domain::Result<()> {
        let offer = Offer { class_id, session: Some(session), sdp: String::new(), sources: Vec::new() };
        let end = MediaRequest { offer: None, ..self.request(instance_id, enterprise_id, caller, &offer) };
        self.db.write(move |conn| Ok::<_, domain::Error>(media_request::insert(conn, &end)?)).await?;
        self.announce(&Announcement::MediaRequest(instance_id)).await;
        Ok(())
    }

    /// Stores the outcome of a request, and announces it. The end of a session is only removed: nobody waits for it.
    pub async fn answer(&self, request: &MediaRequest, outcome: &Outcome) -> domain::Result<()> {
        let (enterprise_id, id) = (request.enterprise_id, request.id);
        if request.offer.is_none() {
            let remove = move |conn: &mut _| Ok(media_request::remove(conn, enterprise_id, id)?);
            return self.db.write(remove).await;
        }
        // Serialisation can't fail: there are no maps.
        let text = serde_json::to_string(outcome).unwrap_or_default();
        let answer = move |conn: &mut _| Ok::<_, domain::Error>(media_request::answer(conn, enterprise_id, id, &text)?);
        self.db.write(answer).await?;
        self.announce(&Announcement::MediaAnswer(id)).await;
        Ok(())
    }

    /// Passes on that a request is answered.
    pub fn answered(&self, id: i64) {
        if let Some(waiting) = lock(&self.waiting).get(&id) {
            waiting.notify_one();
        }
    }

    async fn announce(&self, announcement: &Announcement) {
        let text = serde_json::to_string(announcement).unwrap_or_default();
        if let Err(problem) = self.db.announce(vec![text]).await {
            log::warn!("another instance finds a request later: {problem}");
        }
    }

    fn request(&self, instance_id: i64, enterprise_id: EnterpriseId, caller: &Caller, offer: &Offer) -> MediaRequest {
        let sources: Vec<(&str, Source)> = offer.sources.iter().map(|line| (line.mid.as_str(), line.source)).collect();
        MediaRequest {
            id: rand::random(),
            enterprise_id,
            class_id: offer.class_id,
            instance_id,
            user_id: caller.user_id.clone(),
            token_hash: caller.token_hash.clone(),
            session: offer.session.as_ref().map_or_else(String::new, |session| session.0.clone()),
            offer: Some(offer.sdp.clone()),
            sources: serde_json::to_string(&sources).unwrap_or_default(),
            answer: None,
            create_time: self.clock.now(),
        }
    }
}

/// The offer of a request, and who makes it.
pub(super) fn offer_of(request: &MediaRequest) -> (Caller, Offer) {
    let sources: Vec<(String, Source)> = serde_json::from_str(&request.sources).unwrap_or_default();
    let sources = sources.into_iter().map(|(mid, source)| SourceLine { mid, source }).collect();
    let caller = Caller { user_id: request.user_id.clone(), token_hash: request.token_hash.clone() };
    let session = (!request.session.is_empty()).then(|| MediaSessionId(request.session.clone()));
    let sdp = request.offer.clone().unwrap_or_default();
    (caller, Offer { class_id: request.class_id, session, sdp, sources })
}

fn outcome(text: &str) -> Result<Reply, OfferError> {
    match serde_json::from_str(text) {
        Ok(Outcome::Answer(session, sdp)) => Ok(Reply::Answered(Answer { session: MediaSessionId(session), sdp })),
        Ok(Outcome::Moved) => Ok(Reply::Moved),
        Ok(Outcome::SessionOver) => Err(OfferError::SessionOver),
        Ok(Outcome::BadOffer(problem)) => Err(OfferError::BadOffer(problem)),
        // Also an answer of a later version.
        Ok(Outcome::NoRoom) | Err(_) => Err(OfferError::NoRoom),
    }
}

impl From<Result<Answer, OfferError>> for Outcome {
    fn from(result: Result<Answer, OfferError>) -> Self {
        match result {
            Ok(Answer { session, sdp }) => Self::Answer(session.0, sdp),
            Err(OfferError::SessionOver) => Self::SessionOver,
            Err(OfferError::BadOffer(problem)) => Self::BadOffer(problem),
            Err(OfferError::Off | OfferError::NoRoom | OfferError::Domain(_)) => Self::NoRoom,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
