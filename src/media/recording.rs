//! What is recorded of a class: the packets of its sources as they arrive, of pictures the best layer, passed to a sink.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use str0m::format::Codec;

use super::engine::Source;
use super::ids::TrackKey;
use super::sink::{TrackCodec, TrackPacket, TrackSink};
use super::slot::Packet;
use super::track::Track;

/// What is recorded of one room.
pub(super) struct Recording {
    sink: Arc<dyn TrackSink>,
    pictures: HashMap<TrackKey, Picture>,
}

/// A picture that is recorded: always its best layer, which changes at key frames.
#[derive(Debug, Default)]
struct Picture {
    current: Option<usize>,
    target: Option<usize>,
    highest: u64,
    /// Packets since the last key frame that have not come.
    missing: u64,
    /// Whether packets were missing at the last look.
    was_missing: bool,
}

impl Recording {
    pub fn new(sink: Arc<dyn TrackSink>) -> Self {
        Self { sink, pictures: HashMap::new() }
    }

    /// Passes a packet to the sink, if it is of the layer that is recorded.
    pub fn take(&mut self, key: TrackKey, track: &Track, packet: &Packet) {
        let codec = match track.spec.codec {
            Codec::Opus => TrackCodec::Opus,
            Codec::Vp8 => TrackCodec::Vp8,
            Codec::H264 => TrackCodec::H264,
            _ => return,
        };
        if key.1 != Source::Mic && !self.pictures.entry(key).or_default().take(packet) {
            return;
        }
        self.sink.take(&TrackPacket {
            sender: key.0,
            user_id: &track.user_id,
            source: key.1,
            codec,
            layer: u8::try_from(packet.layer).unwrap_or_default(),
            sequence: packet.incoming.sequence,
            time: packet.incoming.time,
            is_last: packet.marker,
            arrived: packet.incoming.at,
            payload: &packet.payload,
        });
    }

    /// A packet of a layer was not let through: if the layer is recorded, what follows needs a key frame.
    pub fn interrupt(&mut self, key: TrackKey, layer: usize) {
        if let Some(picture) = self.pictures.get_mut(&key)
            && picture.current == Some(layer)
        {
            picture.current = None;
        }
    }

    /// A source has stopped.
    pub fn forget(&mut self, key: TrackKey) {
        self.pictures.remove(&key);
    }

    /// Chooses the layer of a picture. Returns it if a key frame of it is needed.
    pub fn needs_keyframe(&mut self, key: TrackKey, track: &Track, now: Instant) -> Option<usize> {
        if key.1 == Source::Mic {
            return None;
        }
        let best = track.active_layers(now).last().map(|layer| layer.index);
        self.pictures.entry(key).or_default().choose(best)
    }
}

impl Picture {
    /// Returns whether the packet is to be recorded.
    fn take(&mut self, packet: &Packet) -> bool {
        let (layer, sequence) = (Some(packet.layer), packet.incoming.sequence);
        if packet.is_keyframe && (layer == self.target || layer == self.current) {
            (self.current, self.highest, self.missing) = (layer, sequence, 0);
            return true;
        }
        if layer != self.current {
            return false;
        }
        if sequence > self.highest {
            self.missing += sequence - self.highest - 1;
            self.highest = sequence;
        } else {
            // A repeated packet has come, unless it was there before the key frame.
            self.missing = self.missing.saturating_sub(1);
        }
        true
    }

    fn choose(&mut self, best: Option<usize>) -> Option<usize> {
        self.target = best;
        let is_missing = self.missing > 0;
        let is_lost = std::mem::replace(&mut self.was_missing, is_missing) && is_missing;
        if is_lost {
            self.was_missing = false;
        }
        best.filter(|_| self.current != best || is_lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::rewriter::Incoming;

    fn packet(layer: usize, sequence: u64, is_keyframe: bool) -> Packet {
        let incoming = Incoming { sequence, time: 0, vp8: None, at: Instant::now() };
        let extensions = str0m::rtp::ExtensionValues::default();
        Packet { incoming, layer, is_keyframe, marker: true, extensions, payload: Arc::from([0_u8]) }
    }

    #[test]
    fn a_better_layer_is_recorded_from_its_key_frame_on() {
        let mut picture = Picture::default();
        assert_eq!(picture.choose(Some(0)), Some(0));
        assert!(!picture.take(&packet(0, 1, false)), "nothing can be seen without a key frame");
        assert!(picture.take(&packet(0, 2, true)));
        assert_eq!(picture.choose(Some(0)), None);
        assert_eq!(picture.choose(Some(2)), Some(2));
        assert!(picture.take(&packet(0, 3, false)), "the old layer goes on until then");
        assert!(picture.take(&packet(2, 70, true)));
        assert!(!picture.take(&packet(0, 4, false)));
    }

    #[test]
    fn a_lost_packet_is_made_good_by_a_key_frame() {
        let mut picture = Picture::default();
        picture.choose(Some(0));
        picture.take(&packet(0, 1, true));
        picture.take(&packet(0, 3, false));
        assert_eq!(picture.choose(Some(0)), None, "it may still come");
        assert_eq!(picture.choose(Some(0)), Some(0));
        picture.take(&packet(0, 5, true));
        picture.take(&packet(0, 7, false));
        picture.choose(Some(0));
        picture.take(&packet(0, 6, false));
        assert_eq!(picture.choose(Some(0)), None, "it has come");
    }
}
