//! Makes one outgoing RTP stream of several incoming ones: numbers and times go on without a break when the receiver gets
//! another layer, or another person.

use std::time::{Duration, Instant};

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

/// The fields of an incoming packet that are rewritten.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming {
    /// The sequence number, extended.
    pub sequence: u64,
    /// The RTP timestamp.
    pub time: u32,
    /// The parsed VP8 descriptor, for VP8.
    pub vp8: Option<Vp8Descriptor>,
    /// When the packet arrived.
    pub at: Instant,
}

/// What is written instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outgoing {
    pub sequence: u64,
    pub time: u32,
    pub vp8: Option<Vp8Patch>,
}

/// The state of one outgoing stream.
#[derive(Debug)]
pub(super) struct Rewriter {
    /// RTP time units a second.
    clock_rate: u32,
    /// The first incoming number that is passed on, and what it became. Earlier ones are of before the switch.
    base: Option<Base>,
    /// The highest number that was written.
    sequence: u64,
    /// The time, the picture id and the index of the packet that was written last.
    time: u32,
    picture: u16,
    tl0: u8,
    at: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Base {
    incoming: u64,
    outgoing: u64,
    time: u32,
    picture: u16,
    tl0: u8,
}

/// Picture ids have 15 bits.
const PICTURE_MASK: u16 = 0x7fff;
/// A jump in time that is at least one picture, in seconds: no decoder takes the next picture for the same one.
const LEAST_JUMP: Duration = Duration::from_millis(10);

impl Rewriter {
    /// A stream that begins at this number, which must be below 65,536: receivers guess the rest.
    pub fn new(clock_rate: u32, first: u16) -> Self {
        Self { clock_rate, base: None, sequence: u64::from(first), time: 0, picture: 0, tl0: 0, at: None }
    }

    /// Whether a stream has begun since the last [`Self::stop`].
    pub fn is_running(&self) -> bool {
        self.base.is_some()
    }

    /// Nothing of the present incoming stream is passed on any more.
    pub fn stop(&mut self) {
        self.base = None;
    }

    /// Goes on with another incoming stream, which begins with this packet.
    pub fn start(&mut self, first: &Incoming) {
        let time = match self.at {
            None => first.time,
            Some(at) => {
                let passed = first.at.saturating_duration_since(at).max(LEAST_JUMP);
                let units = passed.as_micros() * u128::from(self.clock_rate) / 1_000_000;
                // Only the low 32 bits count.
                self.time.wrapping_add(u32::try_from(units & u128::from(u32::MAX)).unwrap_or_default())
            }
        };
        let vp8 = first.vp8.as_ref();
        let next_picture = self.picture.wrapping_add(1) & PICTURE_MASK;
        let picture = vp8.and_then(Vp8Descriptor::picture_id).unwrap_or_default();
        let tl0 = vp8.and_then(Vp8Descriptor::tl0_pic_idx).unwrap_or_default();
        self.base = Some(Base {
            incoming: first.sequence,
            outgoing: self.sequence + 1,
            time: time.wrapping_sub(first.time),
            picture: next_picture.wrapping_sub(picture) & PICTURE_MASK,
            tl0: self.tl0.wrapping_add(1).wrapping_sub(tl0),
        });
    }

    /// What is written for a packet; `None` for one of before the stream began.
    pub fn rewrite(&mut self, packet: &Incoming) -> Option<Outgoing> {
        let base = self.base?;
        let sequence = base.outgoing + packet.sequence.checked_sub(base.incoming)?;
        let time = packet.time.wrapping_add(base.time);
        let mut outgoing = Outgoing { sequence, time, vp8: None };
        let picture =
            packet.vp8.and_then(|vp8| vp8.picture_id()).map(|id| id.wrapping_add(base.picture) & PICTURE_MASK);
        let tl0 = packet.vp8.and_then(|vp8| vp8.tl0_pic_idx()).map(|index| index.wrapping_add(base.tl0));
        if let Some(vp8) = packet.vp8 {
            outgoing.vp8 = patch(&vp8, picture, tl0);
        }
        if sequence > self.sequence {
            self.sequence = sequence;
            self.time = time;
            self.picture = picture.unwrap_or(self.picture);
            self.tl0 = tl0.unwrap_or(self.tl0);
            self.at = Some(packet.at);
        }
        Some(outgoing)
    }
}

fn patch(vp8: &Vp8Descriptor, picture: Option<u16>, tl0: Option<u8>) -> Option<Vp8Patch> {
    let mut patch = vp8.patch();
    if let Some(picture) = picture {
        patch = patch.picture_id(picture);
    }
    if let Some(tl0) = tl0 {
        patch = patch.tl0_pic_idx(tl0);
    }
    // A short picture id has no room for a long one: such streams are passed on as they are.
    patch.build().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packet(sequence: u64, time: u32, picture: u16, tl0: u8, at: Instant) -> (Incoming, Vec<u8>) {
        let [high, low] = picture.to_be_bytes();
        // X, then I, L and T; a picture id of 15 bits; the index; the layer; a key frame.
        let payload = vec![0x90, 0xe0, 0x80 | high, low, tl0, 0, 0, 1, 2];
        let vp8 = Vp8Descriptor::parse(&payload).ok();
        (Incoming { sequence, time, vp8, at }, payload)
    }

    proptest! {
        #[test]
        fn numbers_times_and_pictures_go_on_without_a_break_when_streams_are_switched(
            streams in prop::collection::vec((0u64..1 << 20, any::<u32>(), 0u16..0x7fff, any::<u8>(), 1u64..20), 1..6),
        ) {
            let start = Instant::now();
            let mut rewriter = Rewriter::new(90_000, 7);
            let (mut sequence, mut now, mut last) = (7, start, None);
            for (first, time, picture, tl0, pictures) in streams {
                for number in 0..pictures {
                    now += Duration::from_millis(40);
                    let step = u32::try_from(number).unwrap() * 3_600;
                    let picture = picture.wrapping_add(u16::try_from(number).unwrap()) & PICTURE_MASK;
                    let (packet, _) = packet(first + number, time.wrapping_add(step), picture, tl0, now);
                    if number == 0 {
                        rewriter.start(&packet);
                    }
                    let written = rewriter.rewrite(&packet).unwrap();
                    sequence += 1;
                    prop_assert_eq!(written.sequence, sequence);
                    if let Some(last) = last {
                        prop_assert_eq!(written.time.wrapping_sub(last), 3_600);
                    }
                    last = Some(written.time);
                }
            }
        }
    }

    #[test]
    fn a_late_packet_of_before_the_switch_is_dropped() {
        let now = Instant::now();
        let mut rewriter = Rewriter::new(90_000, 0);
        rewriter.start(&packet(100, 0, 5, 0, now).0);
        assert!(rewriter.rewrite(&packet(99, 0, 4, 0, now).0).is_none());
        assert_eq!(rewriter.rewrite(&packet(100, 0, 5, 0, now).0).unwrap().sequence, 1);
        // One that overtook another goes where it belongs.
        assert_eq!(rewriter.rewrite(&packet(103, 0, 6, 0, now).0).unwrap().sequence, 4);
        assert_eq!(rewriter.rewrite(&packet(102, 0, 6, 0, now).0).unwrap().sequence, 3);
    }

    #[test]
    fn nothing_is_passed_on_after_a_stop() {
        let now = Instant::now();
        let mut rewriter = Rewriter::new(48_000, 0);
        rewriter.start(&packet(1, 0, 0, 0, now).0);
        rewriter.stop();
        assert!(rewriter.rewrite(&packet(2, 0, 0, 0, now).0).is_none());
    }
}
