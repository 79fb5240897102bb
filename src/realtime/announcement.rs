//! What instances announce to one another.

use serde::{Deserialize, Serialize};

use super::connected::ConnectionChange;
use super::update::Signal;
use crate::domain::ids::ClassId;

/// An announcement of an instance.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Announcement {
    /// The instance that sends it. Its own followers have it already.
    pub from: u64,
    /// The class.
    pub class_id: ClassId,
    /// A signal: its sender and its text. None for new entries in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<(String, String)>,
    /// The connection that the signal is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionChange>,
}

impl Announcement {
    pub(super) fn of_entries(from: u64, class_id: ClassId) -> Self {
        Self { from, class_id, signal: None, connection: None }
    }

    pub(super) fn of_signal(from: u64, class_id: ClassId, signal: &Signal) -> Self {
        let Signal { user_id, text, connection } = signal;
        Self { from, class_id, signal: Some((user_id.clone(), text.to_string())), connection: *connection }
    }

    pub(super) fn text(&self) -> String {
        // Serialisation can't fail: there are no maps.
        serde_json::to_string(self).unwrap_or_default()
    }
}
