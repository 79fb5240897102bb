//! The format of a packet log: what arrived in a recorded class, record after record. A log may end anywhere, because the
//! process that wrote it may: what follows the last whole record is ignored.
//!
//! It begins with [`MAGIC`] and the time of its begin (milliseconds since the epoch, 8 bytes). Each record has its length
//! (4 bytes), its kind (1 byte) and its fields. Numbers are little-endian.

use crate::clock::Millis;
use crate::media::{Source, TrackCodec};

/// The first bytes of a log.
const MAGIC: &[u8; 8] = b"LECTREC1";
/// The length of the head.
const HEAD: usize = 16;
/// A record can't be longer: packets are much smaller.
const LONGEST: usize = 1 << 17;

const STREAM: u8 = 1;
const PACKET: u8 = 2;

/// What somebody sends, under the number that its packets have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    pub number: u16,
    pub source: Source,
    pub codec: TrackCodec,
    pub user_id: String,
}

/// A packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    /// The number of its stream.
    pub stream: u16,
    /// When it arrived, in microseconds since the begin of the log.
    pub at: u64,
    pub sequence: u64,
    pub time: u32,
    pub layer: u8,
    pub is_last: bool,
    pub payload: &'a [u8],
}

/// A record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record<'a> {
    Stream(Stream),
    Packet(Packet<'a>),
}

/// The head of a log that begins at this time.
pub(super) fn head(begin: Millis) -> Vec<u8> {
    [MAGIC.as_slice(), &begin.to_le_bytes()].concat()
}

/// Appends the record of a stream.
pub(super) fn put_stream(to: &mut Vec<u8>, stream: &Stream) {
    let user_id = stream.user_id.as_bytes();
    put_head(to, STREAM, 4 + user_id.len());
    to.extend(stream.number.to_le_bytes());
    let source = match stream.source {
        Source::Mic => 0,
        Source::Camera => 1,
        Source::Screen => 2,
    };
    let codec = match stream.codec {
        TrackCodec::Opus => 0,
        TrackCodec::Vp8 => 1,
        TrackCodec::H264 => 2,
    };
    to.extend([source, codec]);
    to.extend(user_id);
}

/// Appends the record of a packet.
pub(super) fn put_packet(to: &mut Vec<u8>, packet: &Packet<'_>) {
    put_head(to, PACKET, 24 + packet.payload.len());
    to.extend(packet.stream.to_le_bytes());
    to.extend(packet.at.to_le_bytes());
    to.extend(packet.sequence.to_le_bytes());
    to.extend(packet.time.to_le_bytes());
    to.extend([packet.layer, packet.is_last.into()]);
    to.extend(packet.payload);
}

fn put_head(to: &mut Vec<u8>, kind: u8, fields: usize) {
    // Payloads are datagrams and user ids are short.
    to.extend(u32::try_from(fields + 1).unwrap_or(u32::MAX).to_le_bytes());
    to.push(kind);
}

/// Reads a log.
pub(super) struct Reader<'a> {
    /// When the log begins.
    pub begin: Millis,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// `None` for what is no log, or ends within its head.
    pub fn new(log: &'a [u8]) -> Option<Self> {
        let (head, rest) = log.split_at_checked(HEAD)?;
        let begin = head.strip_prefix(MAGIC.as_slice())?.try_into().ok()?;
        Some(Self { begin: Millis::from_le_bytes(begin), rest })
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            let (length, rest) = self.rest.split_first_chunk()?;
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            if length > LONGEST {
                return None;
            }
            let (record, rest) = rest.split_at_checked(length)?;
            let read = parse(record);
            self.rest = rest;
            if read.is_some() {
                return read;
            }
            // An empty record is the end of a file that the system had no time to write. Unknown ones are of later versions.
            if record.is_empty() {
                return None;
            }
        }
    }
}

fn parse(record: &[u8]) -> Option<Record<'_>> {
    let (kind, fields) = record.split_first()?;
    match *kind {
        STREAM => {
            let (number, fields) = fields.split_first_chunk()?;
            let ([source, codec], user_id) = fields.split_first_chunk()?;
            let source = *Source::ALL.get(usize::from(*source))?;
            let codec = *[TrackCodec::Opus, TrackCodec::Vp8, TrackCodec::H264].get(usize::from(*codec))?;
            let user_id = std::str::from_utf8(user_id).ok()?.to_owned();
            Some(Record::Stream(Stream { number: u16::from_le_bytes(*number), source, codec, user_id }))
        }
        PACKET => {
            let (stream, fields) = fields.split_first_chunk()?;
            let (at, fields) = fields.split_first_chunk()?;
            let (sequence, fields) = fields.split_first_chunk()?;
            let (time, fields) = fields.split_first_chunk()?;
            let ([layer, is_last], payload) = fields.split_first_chunk()?;
            Some(Record::Packet(Packet {
                stream: u16::from_le_bytes(*stream),
                at: u64::from_le_bytes(*at),
                sequence: u64::from_le_bytes(*sequence),
                time: u32::from_le_bytes(*time),
                layer: *layer,
                is_last: *is_last != 0,
                payload,
            }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn log() -> (Vec<u8>, Stream, Packet<'static>) {
        let stream = Stream { number: 7, source: Source::Camera, codec: TrackCodec::Vp8, user_id: "李".into() };
        let packet =
            Packet { stream: 7, at: 20_000, sequence: 70_001, time: 9, layer: 2, is_last: true, payload: b"picture" };
        let mut log = head(1_700_000_000_000);
        put_stream(&mut log, &stream);
        put_packet(&mut log, &packet);
        (log, stream, packet)
    }

    #[test]
    fn a_log_is_read_as_it_was_written() {
        let (log, stream, packet) = log();
        let mut reader = Reader::new(&log).unwrap();
        assert_eq!(reader.begin, 1_700_000_000_000);
        assert_eq!(reader.next(), Some(Record::Stream(stream)));
        assert_eq!(reader.next(), Some(Record::Packet(packet)));
        assert_eq!(reader.next(), None);
    }

    #[test]
    fn a_log_that_breaks_off_is_read_up_to_its_last_whole_record() {
        let (log, ..) = log();
        for end in HEAD..log.len() {
            assert!(Reader::new(&log[..end]).unwrap().count() < 2, "{end}");
        }
        let zeros = [log.as_slice(), &[0; 4_096]].concat();
        assert_eq!(Reader::new(&zeros).unwrap().count(), 2);
    }

    proptest! {
        #[test]
        fn anything_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let log = [head(0), bytes].concat();
            prop_assert!(Reader::new(&log).unwrap().count() <= log.len());
        }
    }
}
