//! Where the packets of a class go that is recorded, or shown live.

use std::sync::Arc;
use std::time::Instant;

use crate::domain::classroom::stage::Source;

/// What the packets of a class are taken for. Each purpose has a sink of its own, and none knows of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tap {
    /// Its recording.
    Recording,
    /// Its live picture.
    Live,
}

impl Tap {
    /// All purposes.
    pub const ALL: [Self; 2] = [Self::Recording, Self::Live];
}

/// Takes the packets of a class.
pub trait TrackSink: Send + Sync {
    /// Takes a packet. It is called in a thread that forwards packets, so it must not wait.
    fn take(&self, packet: &TrackPacket<'_>);
}

/// A packet of somebody's microphone, camera or screen.
#[derive(Clone, Copy, Debug)]
pub struct TrackPacket<'a> {
    /// The number of the media session that it comes from, unique in the process as long as the class is recorded.
    pub sender: u64,
    /// Who sends it.
    pub user_id: &'a str,
    /// What they send.
    pub source: Source,
    /// How it is coded.
    pub codec: TrackCodec,
    /// The simulcast layer. Another layer is another stream: its numbers and times are its own.
    pub layer: u8,
    /// The extended RTP sequence number.
    pub sequence: u64,
    /// The RTP timestamp.
    pub time: u32,
    /// Whether it is the last packet of a picture.
    pub is_last: bool,
    /// When it arrived.
    pub arrived: Instant,
    /// The RTP payload.
    pub payload: &'a Arc<[u8]>,
}

/// How a track is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of the codecs")]
pub enum TrackCodec {
    Opus,
    Vp8,
    H264,
}
