//! Puts the packets of a stream into their order: repeated ones come late.

use std::collections::BTreeMap;

use crate::recording::packet_log::Packet;

/// How long to wait for a packet that is missing, in microseconds. Repetitions come within less.
const PATIENCE: u64 = 1_000_000;

/// A packet in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    pub sequence: u64,
    pub time: u32,
    pub at: u64,
    pub layer: u8,
    pub is_last: bool,
    pub payload: Vec<u8>,
    /// Whether packets before it are missing.
    pub is_after_gap: bool,
}

/// The packets of a stream that wait for others.
#[derive(Debug, Default)]
pub struct Reorder {
    layer: u8,
    next: Option<u64>,
    waiting: BTreeMap<u64, Ordered>,
}

impl Reorder {
    /// Takes a packet. Returns those that are in order now.
    pub fn take(&mut self, packet: &Packet<'_>) -> Vec<Ordered> {
        let mut out = Vec::new();
        if packet.layer != self.layer {
            // Another layer has numbers of its own, and begins with a key frame.
            out = self.finish();
            (self.layer, self.next) = (packet.layer, None);
        }
        if self.next.is_some_and(|next| packet.sequence < next) {
            return out;
        }
        let Packet { at, sequence, time, layer, is_last, payload, .. } = *packet;
        self.waiting.entry(sequence).or_insert_with(|| Ordered {
            sequence,
            time,
            at,
            layer,
            is_last,
            payload: payload.to_vec(),
            is_after_gap: false,
        });
        self.release(&mut out, |first| first.at.saturating_add(PATIENCE) <= at);
        out
    }

    /// Returns what still waits.
    pub fn finish(&mut self) -> Vec<Ordered> {
        let mut out = Vec::new();
        self.release(&mut out, |_| true);
        out
    }

    fn release(&mut self, out: &mut Vec<Ordered>, is_late: impl Fn(&Ordered) -> bool) {
        while let Some(first) = self.waiting.first_entry() {
            let is_next = self.next.is_none_or(|next| *first.key() == next);
            if !is_next && !is_late(first.get()) {
                return;
            }
            let packet = Ordered { is_after_gap: !is_next, ..first.remove() };
            self.next = Some(packet.sequence + 1);
            out.push(packet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u64, at: u64, layer: u8) -> Packet<'static> {
        Packet { stream: 0, at, sequence, time: 0, layer, is_last: true, payload: b"x" }
    }

    fn numbers(packets: &[Ordered]) -> Vec<(u64, bool)> {
        packets.iter().map(|packet| (packet.sequence, packet.is_after_gap)).collect()
    }

    #[test]
    fn a_late_packet_comes_in_its_place_and_a_double_one_once() {
        let mut reorder = Reorder::default();
        assert_eq!(numbers(&reorder.take(&packet(5, 0, 0))), [(5, false)]);
        assert!(reorder.take(&packet(7, 10, 0)).is_empty());
        assert!(reorder.take(&packet(7, 11, 0)).is_empty());
        assert_eq!(numbers(&reorder.take(&packet(6, 20, 0))), [(6, false), (7, false)]);
        assert!(reorder.take(&packet(6, 21, 0)).is_empty());
    }

    #[test]
    fn a_packet_that_never_comes_holds_up_nothing_for_long() {
        let mut reorder = Reorder::default();
        reorder.take(&packet(1, 0, 0));
        assert!(reorder.take(&packet(3, 10, 0)).is_empty());
        assert_eq!(numbers(&reorder.take(&packet(4, 1_000_011, 0))), [(3, true), (4, false)]);
        assert!(reorder.take(&packet(6, 1_000_012, 0)).is_empty());
        assert_eq!(numbers(&reorder.finish()), [(6, true)]);
    }

    #[test]
    fn another_layer_has_numbers_of_its_own() {
        let mut reorder = Reorder::default();
        reorder.take(&packet(900, 0, 0));
        assert_eq!(numbers(&reorder.take(&packet(3, 10, 2))), [(3, false)]);
    }
}
