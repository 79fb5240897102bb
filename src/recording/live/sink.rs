//! Takes the packets of a class that is shown live on the threads that forward them, and hands them over by a queue. What does not
//! fit is lost.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use crate::media::{Source, TrackCodec, TrackPacket, TrackSink};

/// How many packets may wait: several seconds of a full stage.
const WAITING: usize = 8_192;

/// What a stream is known by: the media session, the source and the codec.
pub(super) type StreamKey = (u64, Source, TrackCodec);

/// A packet.
pub(super) struct LivePacket {
    pub key: StreamKey,
    pub user_id: String,
    pub layer: u8,
    pub sequence: u64,
    pub time: u32,
    pub is_last: bool,
    pub arrived: Instant,
    pub payload: Arc<[u8]>,
}

/// The sink of one class.
pub(super) struct LiveSink(mpsc::Sender<LivePacket>);

impl LiveSink {
    /// A sink, and what it takes.
    pub fn new() -> (Arc<Self>, mpsc::Receiver<LivePacket>) {
        let (packets, taken) = mpsc::channel(WAITING);
        (Arc::new(Self(packets)), taken)
    }
}

impl TrackSink for LiveSink {
    fn take(&self, packet: &TrackPacket<'_>) {
        let TrackPacket { sender, user_id, source, codec, layer, sequence, time, is_last, arrived, payload } = *packet;
        let (key, user_id, payload) = ((sender, source, codec), user_id.to_owned(), payload.clone());
        let _ = self.0.try_send(LivePacket { key, user_id, layer, sequence, time, is_last, arrived, payload });
    }
}
