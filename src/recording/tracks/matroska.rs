//! Writes one track into a Matroska file: frames with their times, and nothing that a player would seek by. Only what this
//! needs of the format (RFC 9559): the programs that read the files find the rest out.

use std::io;
use std::io::Write;

use super::frames::Frame;
use crate::media::TrackCodec;

/// How much time a cluster has at most, in milliseconds. Times in it have 16 bits with a sign.
const CLUSTER: i64 = 30_000;
/// The length of an element that goes on to the end of the file.
const UNKNOWN: [u8; 8] = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// A file with one track. Times are in milliseconds.
pub(super) struct Matroska<W> {
    to: W,
    cluster: Option<i64>,
}

impl<W: Write> Matroska<W> {
    /// Begins a file with the track of this first frame.
    pub fn new(mut to: W, codec: TrackCodec, first: &Frame) -> io::Result<Self> {
        let head = [text(0x4282, "matroska"), number(0x4287, 4), number(0x4285, 2)];
        to.write_all(&element(0x1a45_dfa3, &head.concat()))?;
        to.write_all(&id(0x1853_8067))?;
        to.write_all(&UNKNOWN)?;
        // Times count milliseconds.
        let info = [number(0x2a_d7b1, 1_000_000), text(0x4d80, "lectern"), text(0x5741, "lectern")];
        to.write_all(&element(0x1549_a966, &info.concat()))?;
        to.write_all(&element(0x1654_ae6b, &track(codec, first)))?;
        Ok(Self { to, cluster: None })
    }

    /// Writes a frame. Times ascend.
    pub fn write(&mut self, time: i64, is_key: bool, data: &[u8]) -> io::Result<()> {
        let begin = if let Some(begin) = self.cluster.filter(|begin| time - begin < CLUSTER) {
            begin
        } else {
            self.to.write_all(&id(0x1f43_b675))?;
            self.to.write_all(&UNKNOWN)?;
            self.to.write_all(&number(0xe7, time.unsigned_abs()))?;
            *self.cluster.insert(time)
        };
        let relative = i16::try_from(time - begin).unwrap_or(i16::MAX);
        let mut block = vec![0x81];
        block.extend(relative.to_be_bytes());
        block.push(if is_key { 0x80 } else { 0 });
        block.extend(data);
        self.to.write_all(&element(0xa3, &block))
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The description of the track.
fn track(codec: TrackCodec, first: &Frame) -> Vec<u8> {
    let (kind, name) = match codec {
        TrackCodec::Opus => (2, "A_OPUS"),
        TrackCodec::Vp8 => (1, "V_VP8"),
        TrackCodec::H264 => (1, "V_MPEG4/ISO/AVC"),
    };
    let mut entry =
        [number(0xd7, 1), number(0x73c5, 1), number(0x83, kind), text(0x86, name), number(0x9c, 0)].concat();
    match codec {
        TrackCodec::Opus => {
            entry.extend(element(0x63a2, &opus_head()));
            entry.extend(element(0xe1, &[element(0xb5, &48_000_f64.to_be_bytes()), number(0x9f, 2)].concat()));
        }
        TrackCodec::Vp8 | TrackCodec::H264 => {
            if let Some((sequence, picture)) = &first.parameters {
                entry.extend(element(0x63a2, &avc_configuration(sequence, picture)));
            }
            // Readers want a size, and take that of the pictures.
            entry.extend(element(0xe0, &[number(0xb0, 1_280), number(0xba, 720)].concat()));
        }
    }
    element(0xae, &entry)
}

/// RFC 7845, 5.1: version 1, two channels, no delay, 48 kHz.
fn opus_head() -> Vec<u8> {
    let mut head = b"OpusHead".to_vec();
    head.extend([1, 2, 0, 0]);
    head.extend(48_000_u32.to_le_bytes());
    head.extend([0, 0, 0]);
    head
}

/// ISO/IEC 14496-15, 5.3.3.1: lengths have four bytes.
fn avc_configuration(sequence: &[u8], picture: &[u8]) -> Vec<u8> {
    let byte = |at: usize| sequence.get(at).copied().unwrap_or_default();
    let length = |unit: &[u8]| u16::try_from(unit.len()).unwrap_or_default().to_be_bytes();
    let mut out = vec![1, byte(1), byte(2), byte(3), 0xff, 0xe1];
    out.extend(length(sequence));
    out.extend(sequence);
    out.push(1);
    out.extend(length(picture));
    out.extend(picture);
    out
}

/// An id is written as it is: its first bits say how long it is.
fn id(id: u32) -> Vec<u8> {
    id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()
}

fn element(name: u32, content: &[u8]) -> Vec<u8> {
    let mut out = id(name);
    // Eight bytes of length are always enough.
    let length = content.len() as u64 | (1 << 56);
    out.extend(length.to_be_bytes());
    out.extend(content);
    out
}

fn number(name: u32, value: u64) -> Vec<u8> {
    element(name, &value.to_be_bytes())
}

fn text(name: u32, value: &str) -> Vec<u8> {
    element(name, value.as_bytes())
}
