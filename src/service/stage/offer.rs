//! An offer of a component, and why it is refused.

use crate::domain;
use crate::domain::ids::ClassId;
use crate::media::{ConnectError, MediaSessionId, SourceLine};

/// An offer.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The class.
    pub class_id: ClassId,
    /// The media session that the offer is for; `None` for a new one.
    pub session: Option<MediaSessionId>,
    /// The offer, as SDP.
    pub sdp: String,
    /// Which lines of it send what.
    pub sources: Vec<SourceLine>,
}

/// The component that offers.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Its user.
    pub user_id: String,
    /// The hash of its token.
    pub token_hash: String,
}

/// Why there is no answer to an offer.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// This service runs without a media server.
    #[error("the service has no media server")]
    Off,
    /// No media server has room now. The same offer may succeed a second later.
    #[error("no media server takes sessions now")]
    NoRoom,
    /// The media session has ended, or is not the component's.
    #[error("the media session is over")]
    SessionOver,
    /// The offer can't be accepted.
    #[error("{0}")]
    BadOffer(String),
    /// The caller may not connect, or the database failed.
    #[error(transparent)]
    Domain(#[from] domain::Error),
}

impl From<ConnectError> for OfferError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::SessionOver => Self::SessionOver,
            ConnectError::BadOffer(problem) => Self::BadOffer(problem),
            ConnectError::Unavailable => Self::NoRoom,
        }
    }
}
