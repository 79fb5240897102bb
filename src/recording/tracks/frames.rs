//! Makes frames of packets: the payload formats of Opus (RFC 7587), VP8 (RFC 7741) and H.264 (RFC 6184).

use super::reorder::Ordered;
use crate::media::{TrackCodec, vp8_frame};

/// A frame can't be larger: nobody sends such pictures.
const LARGEST: usize = 8 << 20;

/// A frame of a voice or a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The RTP time.
    pub time: u32,
    /// When its first packet arrived, in microseconds since the begin of the log.
    pub at: u64,
    pub is_key: bool,
    /// As Matroska has it: H.264 with the length before each unit.
    pub data: Vec<u8>,
    /// The parameters of H.264 that come with a key frame: sequence and picture.
    pub parameters: Option<(Vec<u8>, Vec<u8>)>,
}

/// Makes frames of the packets of one stream.
#[derive(Debug)]
pub struct Assembler {
    codec: TrackCodec,
    frame: Option<Frame>,
    /// A picture that is not whole makes those after it useless, up to the next key frame.
    needs_key: bool,
    /// A unit of H.264 that comes in several packets.
    fragment: Vec<u8>,
    parameters: (Vec<u8>, Vec<u8>),
}

impl Assembler {
    pub fn new(codec: TrackCodec) -> Self {
        let needs_key = codec != TrackCodec::Opus;
        Self { codec, frame: None, needs_key, fragment: Vec::new(), parameters: (Vec::new(), Vec::new()) }
    }

    /// Takes the next packet. Returns a frame that is whole with it.
    pub fn take(&mut self, packet: &Ordered) -> Option<Frame> {
        if self.codec == TrackCodec::Opus {
            let Ordered { time, at, .. } = *packet;
            let data = packet.payload.clone();
            return (!data.is_empty()).then_some(Frame { time, at, is_key: true, data, parameters: None });
        }
        if packet.is_after_gap {
            self.drop_frame();
        }
        let is_other = self.frame.as_ref().is_some_and(|frame| frame.time != packet.time);
        if is_other {
            // The last packet of the frame before never said that it is.
            self.drop_frame();
        }
        let is_taken = match self.codec {
            TrackCodec::Vp8 => self.take_vp8(packet),
            _ => self.take_h264(packet),
        };
        if is_taken.is_none() || self.frame.as_ref().is_some_and(|frame| frame.data.len() > LARGEST) {
            self.drop_frame();
            return None;
        }
        if !packet.is_last {
            return None;
        }
        let frame = self.frame.take()?;
        if self.needs_key && !frame.is_key {
            return None;
        }
        self.needs_key = false;
        Some(frame)
    }

    fn drop_frame(&mut self) {
        self.frame = None;
        self.fragment.clear();
        self.needs_key = true;
    }

    fn begin(&mut self, packet: &Ordered, is_key: bool) -> &mut Frame {
        self.frame.get_or_insert_with(|| Frame {
            time: packet.time,
            at: packet.at,
            is_key,
            data: Vec::new(),
            parameters: None,
        })
    }

    /// `None` for a packet that does not fit.
    fn take_vp8(&mut self, packet: &Ordered) -> Option<()> {
        let first = *packet.payload.first()?;
        let rest = vp8_frame(&packet.payload)?;
        // The start of the first partition is the start of the frame.
        let is_start = first & 0x17 == 0x10;
        if is_start && self.frame.is_none() {
            let is_key = rest.first()? & 1 == 0;
            self.begin(packet, is_key);
        }
        self.frame.as_mut()?.data.extend(rest);
        Some(())
    }

    fn take_h264(&mut self, packet: &Ordered) -> Option<()> {
        let (header, rest) = packet.payload.split_first()?;
        self.begin(packet, false);
        match header & 0x1f {
            1..=23 => self.unit(&packet.payload),
            24 => {
                let mut units = rest;
                while let Some((length, after)) = units.split_first_chunk() {
                    let (unit, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
                    self.unit(unit);
                    units = after;
                }
            }
            28 => {
                let (state, data) = rest.split_first()?;
                if state & 0x80 != 0 {
                    self.fragment = vec![(header & 0xe0) | (state & 0x1f)];
                } else if self.fragment.is_empty() {
                    return None;
                }
                self.fragment.extend(data);
                if state & 0x40 != 0 {
                    let unit = std::mem::take(&mut self.fragment);
                    self.unit(&unit);
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn unit(&mut self, unit: &[u8]) {
        let Some(frame) = &mut self.frame else { return };
        match unit.first().map(|header| header & 0x1f) {
            Some(7) => self.parameters.0 = unit.to_vec(),
            Some(8) => self.parameters.1 = unit.to_vec(),
            Some(5) => {
                frame.is_key = true;
                if !self.parameters.0.is_empty() && !self.parameters.1.is_empty() {
                    frame.parameters = Some(self.parameters.clone());
                }
            }
            _ => {}
        }
        frame.data.extend(u32::try_from(unit.len()).unwrap_or_default().to_be_bytes());
        frame.data.extend(unit);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packet(time: u32, payload: &[u8], is_last: bool, is_after_gap: bool) -> Ordered {
        Ordered { sequence: 0, time, at: 0, layer: 0, is_last, payload: payload.to_vec(), is_after_gap }
    }

    #[test]
    fn a_picture_is_whole_with_its_last_packet() {
        let mut assembler = Assembler::new(TrackCodec::Vp8);
        assert_eq!(assembler.take(&packet(1, &[0x90, 0x80, 0x01, 0x00, 7], false, false)), None);
        let frame = assembler.take(&packet(1, &[0x80, 0x80, 0x01, 8], true, false)).unwrap();
        assert_eq!((frame.is_key, frame.data), (true, vec![0, 7, 8]));
    }

    #[test]
    fn pictures_after_a_lost_packet_wait_for_a_key_frame() {
        let mut assembler = Assembler::new(TrackCodec::Vp8);
        let (key, other) = ([0x10, 0x00, 1], [0x10, 0x01, 2]);
        assert_eq!(assembler.take(&packet(0, &other, true, false)), None, "nothing can be seen yet");
        assert!(assembler.take(&packet(1, &key, true, false)).is_some());
        assert!(assembler.take(&packet(2, &other, true, false)).is_some());
        assert_eq!(assembler.take(&packet(3, &other, true, true)), None);
        assert_eq!(assembler.take(&packet(4, &other, true, false)), None);
        assert!(assembler.take(&packet(5, &key, true, false)).is_some());
        assert!(assembler.take(&packet(6, &other, true, false)).is_some());
    }

    #[test]
    fn units_of_h264_get_their_lengths() {
        let mut assembler = Assembler::new(TrackCodec::H264);
        let parameters = [0x18, 0, 2, 0x67, 1, 0, 2, 0x68, 2];
        assert_eq!(assembler.take(&packet(1, &parameters, false, false)), None);
        assert_eq!(assembler.take(&packet(1, &[0x7c, 0x85, 9], false, false)), None);
        let frame = assembler.take(&packet(1, &[0x7c, 0x45, 8], true, false)).unwrap();
        assert!(frame.is_key);
        assert_eq!(frame.parameters, Some((vec![0x67, 1], vec![0x68, 2])));
        assert_eq!(frame.data, [0, 0, 0, 2, 0x67, 1, 0, 0, 0, 2, 0x68, 2, 0, 0, 0, 3, 0x65, 9, 8]);
    }

    proptest! {
        #[test]
        fn anything_may_arrive(
            payloads in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), any::<bool>(), 0u32..3), 0..40)
        ) {
            for codec in [TrackCodec::Opus, TrackCodec::Vp8, TrackCodec::H264] {
                let mut assembler = Assembler::new(codec);
                for (payload, is_last, time) in &payloads {
                    let _ = assembler.take(&packet(*time, payload, *is_last, false));
                }
            }
        }
    }
}
