//! What instances announce to one another.

use serde::{Deserialize, Serialize};

use super::update::Signal;
use crate::domain::ids::ClassId;

/// An announcement of an instance.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Announcement {
    /// The instance that sends it. It has told its own followers already.
    pub from: u64,
    /// The class.
    pub class_id: ClassId,
    /// A signal: its sender and its text. None for new entries in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<(String, String)>,
}

impl Announcement {
    pub(super) fn of_signal(from: u64, class_id: ClassId, signal: &Signal) -> Self {
        Self { from, class_id, signal: Some((signal.user_id.clone(), signal.text.to_string())) }
    }

    pub(super) fn text(&self) -> String {
        // Serialisation can't fail: there are no maps.
        serde_json::to_string(self).unwrap_or_default()
    }
}
