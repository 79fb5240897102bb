//! The events of the log of a class. Each has the whole new state of what it is about, so applying it twice changes nothing.

use serde::{Deserialize, Serialize};

use crate::store::chat::notice::ClassNotice;
use crate::store::classroom::session::QuitReason;

/// An event of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LogEvent {
    /// Somebody left.
    MemberLeft {
        /// The user.
        user_id: String,
        /// Why.
        reason: QuitReason,
    },
    /// A control message for the published components.
    Control {
        /// The message.
        notice: ClassNotice,
    },
}

impl LogEvent {
    /// The user whose presence or rights it changes.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::MemberLeft { user_id, .. } => Some(user_id),
            Self::Control { .. } => None,
        }
    }

    pub(super) fn column(&self) -> String {
        // Serialisation can't fail: an event has no maps with other keys than texts.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn parse(column: &str) -> Option<Self> {
        serde_json::from_str(column).ok()
    }
}
