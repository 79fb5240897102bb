//! The messages of the data channel between a page and the media server. `docs/protocols/classroom.md` has them all.

use serde::{Deserialize, Serialize};

use super::engine::Source;

/// The label of the data channel.
pub(super) const LABEL: &str = "control";
/// The largest message of a page, in bytes.
pub(super) const LARGEST: usize = 16 * 1024;
/// How many pictures a page can ask for.
pub(super) const MOST_PICTURES: usize = 64;

/// A message of the server.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromServer {
    /// Whose source each slot has.
    Slots { slots: Vec<SlotView> },
    /// All sources of others that arrive.
    Sources { sources: Vec<ArrivingView> },
    /// What is let through of the page's own.
    Permitted { mic: u8, camera: u8, screen: u8 },
    /// Who speaks, the loudest first.
    Speakers { speakers: Vec<SpeakerView> },
    /// How good the network of everybody is.
    Quality { people: Vec<QualityView>, estimate: u64 },
    /// The pictures that the network of the reader does not carry.
    Paused { sources: Vec<SourceView> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct SlotView {
    pub mid: String,
    pub user_id: String,
    pub source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct SourceView {
    pub user_id: String,
    pub source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct ArrivingView {
    pub user_id: String,
    pub source: Source,
    /// In pixels; absent for voices, and as long as it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct SpeakerView {
    pub user_id: String,
    pub level: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct QualityView {
    pub user_id: String,
    /// 0 to 1.
    pub loss: f32,
    /// In milliseconds.
    pub round_trip: u64,
}

/// A message of a page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromPage {
    /// The pictures that the page shows, the most important first.
    View { videos: Vec<Viewed> },
}

/// A picture that a page shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Viewed {
    pub user_id: String,
    pub source: Source,
    /// In pixels of the device.
    pub height: u32,
}

impl FromServer {
    pub fn text(&self) -> String {
        // Serialisation can't fail: there are no maps, and JSON has all numbers that there are.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A message of a page, if it can be read.
pub(super) fn read(data: &[u8]) -> Option<FromPage> {
    if data.len() > LARGEST {
        return None;
    }
    let FromPage::View { mut videos } = serde_json::from_slice(data).ok()?;
    videos.truncate(MOST_PICTURES);
    Some(FromPage::View { videos })
}
