//! Why a connection ends, and the close reason for its client.

use std::borrow::Cow;

use actix_ws::{CloseCode, CloseReason};

use crate::domain::classroom::session::QuitReason;
use crate::realtime::Parting;

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The client closed it, or is not there any more.
    Gone,
    /// The user left by a message.
    Left,
    /// The instance stops.
    Stopping,
    /// The first message was not a sign-in, or did not come in time.
    NotSignedIn,
    /// The sign-in was refused.
    Refused,
    /// The user is not inside any more.
    Outside(QuitReason),
    /// The token ended.
    DeadToken,
    /// The class is over or was deleted.
    ClassOver,
    /// The client reads too slowly.
    TooSlow,
    /// The client sends too much.
    TooMuch,
}

impl End {
    /// The close reason for the client; `None` for one who left or is gone.
    pub fn reason(self) -> Option<CloseReason> {
        let (code, why): (u16, Cow<'static, str>) = match self {
            Self::Gone => return None,
            Self::Left => (1000, "left".into()),
            Self::Stopping => (1001, "this instance stops".into()),
            Self::NotSignedIn => (4000, "sign in first".into()),
            Self::Refused => (4001, "refused".into()),
            Self::Outside(reason) => (4002, reason.as_str().into()),
            Self::DeadToken => (4002, "token".into()),
            Self::ClassOver => (4003, "the class is over".into()),
            Self::TooSlow => (4004, "too slow".into()),
            Self::TooMuch => (4005, "too much".into()),
        };
        Some(CloseReason { code: CloseCode::from(code), description: Some(why.into_owned()) })
    }

    /// Whether the user is still inside, so that the others learn that the connection broke.
    pub fn is_inside(self) -> bool {
        matches!(self, Self::Gone | Self::Stopping | Self::TooSlow | Self::TooMuch)
    }
}

impl From<Parting> for End {
    fn from(parting: Parting) -> Self {
        match parting {
            Parting::TooSlow => Self::TooSlow,
            Parting::Stopping => Self::Stopping,
        }
    }
}
