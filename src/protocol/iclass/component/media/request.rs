//! The bodies of the calls for voice and pictures.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::media;
use crate::media::{MediaSessionId, SourceLine};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::wire::{Natural, Record, Text};

/// The longest offer, in bytes.
const OFFER_BYTES: usize = 64 * 1024;
/// How many lines of an offer may send.
const SOURCES: usize = 8;

#[derive(Deserialize, ToSchema)]
#[schema(as = MediaSettingsRequest)]
pub struct SettingsRequest {
    /// The class
    pub class_id: Natural,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = MediaConnectRequest)]
pub struct ConnectRequest {
    /// The class
    pub class_id: Natural,
    /// The media session that the offer is for; empty for a new one
    pub session: Option<Text<0, 64>>,
    /// The offer: SDP of at most 64 KiB
    #[schema(value_type = String)]
    pub offer: Sdp,
    /// Which lines of the offer send what [default: none]
    #[serde(default)]
    #[schema(value_type = Vec<SourceRow>)]
    pub sources: Vec<Record<SourceRow>>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = MediaDisconnectRequest)]
pub struct DisconnectRequest {
    /// The class
    pub class_id: Natural,
    /// The media session
    pub session: Text<0, 64>,
}

/// A line of an offer that sends
#[derive(Deserialize, ToSchema)]
#[schema(as = MediaSource)]
pub struct SourceRow {
    /// The id of the line (`a=mid`)
    mid: Text<1, 32>,
    /// What it sends
    source: SourceName,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MediaSourceName)]
enum SourceName {
    Mic,
    Camera,
    Screen,
}

/// A session description.
pub struct Sdp(pub String);

impl<'de> Deserialize<'de> for Sdp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if !text.starts_with("v=0") {
            return Err(D::Error::custom("must be SDP"));
        }
        if text.len() > OFFER_BYTES {
            return Err(D::Error::custom(format!("has {} bytes, more than {OFFER_BYTES}", text.len())));
        }
        if text.contains(|c: char| c.is_control() && c != '\r' && c != '\n') {
            return Err(D::Error::custom("has a control character"));
        }
        Ok(Self(text))
    }
}

/// The media session that a request names.
pub fn session(named: Option<Text<0, 64>>) -> Option<MediaSessionId> {
    named.map(|named| named.0).filter(|named| !named.is_empty()).map(MediaSessionId)
}

/// The lines that send.
pub fn sources(rows: Vec<Record<SourceRow>>) -> Result<Vec<SourceLine>, ApiError> {
    if rows.len() > SOURCES {
        return Err(ApiError::invalid(format!("sources: must be at most {SOURCES}, has {}", rows.len())));
    }
    let line = |Record(SourceRow { mid, source })| {
        let source = match source {
            SourceName::Mic => media::Source::Mic,
            SourceName::Camera => media::Source::Camera,
            SourceName::Screen => media::Source::Screen,
        };
        SourceLine { mid: mid.0, source }
    };
    Ok(rows.into_iter().map(line).collect())
}
