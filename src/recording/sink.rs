//! Takes the packets of one recorded class on the threads that forward them, and hands them to the writer.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::packet_log::{Packet, Stream};
use super::writer::{Lost, Message};
use crate::media::{Source, TrackCodec, TrackPacket, TrackSink};

/// What a stream is known by: the media session, the source and the codec.
type StreamKey = (u64, Source, TrackCodec);

/// The sink of one log.
pub(super) struct LogSink {
    pub log: u64,
    pub started: Instant,
    pub queue: SyncSender<Message>,
    pub lost: Arc<Lost>,
    /// The numbers of the streams. Only the thread that has the class uses it.
    pub streams: Mutex<HashMap<StreamKey, u16>>,
}

impl LogSink {
    /// The number of a stream, which the log says first; `None` if the log can't say it now.
    fn stream(&self, packet: &TrackPacket<'_>) -> Option<u16> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (packet.sender, packet.source, packet.codec);
        if let Some(number) = streams.get(&key) {
            return Some(*number);
        }
        let number = u16::try_from(streams.len()).ok()?;
        let TrackPacket { source, codec, .. } = *packet;
        let stream = Stream { number, source, codec, user_id: packet.user_id.to_owned() };
        self.queue.try_send(Message::Stream { log: self.log, stream }).ok()?;
        streams.insert(key, number);
        Some(number)
    }

    fn write(&self, packet: &TrackPacket<'_>) -> Option<()> {
        let stream = self.stream(packet)?;
        let at = packet.arrived.saturating_duration_since(self.started).as_micros();
        let TrackPacket { sequence, time, layer, is_last, .. } = *packet;
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        let written = Packet { stream, at, sequence, time, layer, is_last, payload: &[] };
        let payload = packet.payload.clone();
        self.queue.try_send(Message::Packet { log: self.log, packet: written, payload }).ok()
    }
}

impl TrackSink for LogSink {
    fn take(&self, packet: &TrackPacket<'_>) {
        if self.write(packet).is_none() {
            self.lost.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
