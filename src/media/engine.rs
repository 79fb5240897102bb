//! The interface between the classroom and a media server. Nothing here knows how media is carried.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::sink::{Tap, TrackSink};
pub use crate::domain::classroom::stage::{Permissions, Source};
use crate::domain::ids::ClassId;

/// A media server of this process.
pub trait MediaEngine: Send + Sync {
    /// Takes an offer: of a new media session, or a new one of a session that is there. The answer has the addresses of
    /// the server.
    ///
    /// # Errors
    /// See [`ConnectError`].
    fn connect(&self, request: ConnectRequest) -> BoxFuture<'_, Result<Answer, ConnectError>>;

    /// Sets which sources of a user are let through, in all media sessions that the user has in the class.
    fn permit(&self, class_id: ClassId, user_id: &str, permissions: Permissions);

    /// Ends a media session.
    fn disconnect(&self, class_id: ClassId, session: &MediaSessionId);

    /// Ends all media sessions of a user in a class.
    fn remove(&self, class_id: ClassId, user_id: &str);

    /// Ends all media sessions of a class.
    fn close(&self, class_id: ClassId);

    /// Passes what is let through in a class to a sink from now on, also from media sessions that begin later; `None` ends that.
    /// Pictures begin with key frames, also for a sink that is given once more.
    fn record(&self, class_id: ClassId, tap: Tap, sink: Option<Arc<dyn TrackSink>>);

    /// The classes that have media sessions here.
    fn classes(&self) -> BoxFuture<'_, Vec<ClassId>>;

    /// What the server notices. It can be taken once; later calls return `None`.
    fn events(&self) -> Option<mpsc::UnboundedReceiver<MediaEvent>>;

    /// How busy the server is: packets that it sent in the last second.
    fn load(&self) -> u64;

    /// What the server has, and what it has sent since it started.
    fn usage(&self) -> MediaUsage;
}

/// What a media server has now, and what it has sent since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MediaUsage {
    /// Classes with media sessions.
    pub rooms: u64,
    /// Media sessions.
    pub sessions: u64,
    /// Packets that were sent.
    pub packets: u64,
}

/// The id of a media session: 32 hexadecimal digits that nobody can guess.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaSessionId(pub String);

/// An offer of a component.
#[derive(Clone, Debug)]
pub struct ConnectRequest {
    /// The class.
    pub class_id: ClassId,
    /// Who connects.
    pub user_id: String,
    /// The media session that the offer is for; `None` for a new one.
    pub session: Option<MediaSessionId>,
    /// The offer, as SDP.
    pub offer: String,
    /// Which lines of the offer send what.
    pub sources: Vec<SourceLine>,
    /// What is let through now.
    pub permissions: Permissions,
    /// How much video is let through.
    pub limits: VideoLimits,
}

/// What a line of an offer sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// The id of the line (`a=mid`).
    pub mid: String,
    /// What it sends.
    pub source: Source,
}

/// How much video of one user is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoLimits {
    /// The bitrate of the camera, all its layers together, in kbit/s. A screen has twice as much.
    pub bitrate: u32,
    /// The pixels of a picture of the camera.
    pub pixels: u32,
    /// The pictures a second of the camera.
    pub fps: u32,
}

/// The answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The media session.
    pub session: MediaSessionId,
    /// The answer, as SDP.
    pub sdp: String,
}

/// Why an offer is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// There is no such media session, or it has ended.
    #[error("the media session is over")]
    SessionOver,
    /// The offer can't be read, or asks for what the server can't do.
    #[error("the offer can't be accepted: {0}")]
    BadOffer(String),
    /// The server has no room, or stops.
    #[error("the media server takes no sessions now")]
    Unavailable,
}

/// Something that the media server notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// A source that is permitted has stopped: nothing arrived for three seconds, or nothing at all for twenty seconds after it
    /// was permitted.
    Stopped {
        /// The class.
        class_id: ClassId,
        /// The user.
        user_id: String,
        /// What stopped.
        source: Source,
    },
    /// The last media session of a user in a class has ended.
    Ended {
        /// The class.
        class_id: ClassId,
        /// The user.
        user_id: String,
    },
}
