//! Writes a Matroska file or stream: frames with their times, and nothing that a player would seek by. Only what this needs of
//! the format (RFC 9559): the programs that read it find the rest out.

use std::io;
use std::io::Write;

use super::frames::Frame;
use crate::integrations::ffmpeg::Size;
use crate::media::TrackCodec;

/// How much time a cluster has at most, in milliseconds. Times in it have 16 bits with a sign.
const CLUSTER: i64 = 30_000;
/// The length of an element that goes on to the end of the file.
const UNKNOWN: [u8; 8] = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
/// The number of the first track.
const FIRST: u8 = 1;

/// A file or a stream. Times are in milliseconds.
pub struct Matroska<W> {
    to: W,
    cluster: Option<i64>,
}

impl<W: Write> Matroska<W> {
    /// Begins a file with the track of this first frame.
    pub fn new(to: W, codec: TrackCodec, first: &Frame) -> io::Result<Self> {
        Self::begin(to, &track(codec, first))
    }

    fn begin(mut to: W, tracks: &[u8]) -> io::Result<Self> {
        let head = [text(0x4282, "matroska"), number(0x4287, 4), number(0x4285, 2)];
        to.write_all(&element(0x1a45_dfa3, &head.concat()))?;
        to.write_all(&id(0x1853_8067))?;
        to.write_all(&UNKNOWN)?;
        // Times count milliseconds.
        let info = [number(0x2a_d7b1, 1_000_000), text(0x4d80, "lectern"), text(0x5741, "lectern")];
        to.write_all(&element(0x1549_a966, &info.concat()))?;
        to.write_all(&element(0x1654_ae6b, tracks))?;
        Ok(Self { to, cluster: None })
    }

    /// Writes a frame of the first track. Times ascend.
    pub fn write(&mut self, time: i64, is_key: bool, data: &[u8]) -> io::Result<()> {
        self.write_to(FIRST, time, is_key, data)
    }

    /// Writes a frame of a track. Its time is at most half a minute before those of other tracks.
    pub fn write_to(&mut self, track: u8, time: i64, is_key: bool, data: &[u8]) -> io::Result<()> {
        let begin = if let Some(begin) = self.cluster.filter(|begin| time - begin < CLUSTER) {
            begin
        } else {
            self.to.write_all(&id(0x1f43_b675))?;
            self.to.write_all(&UNKNOWN)?;
            self.to.write_all(&number(0xe7, time.unsigned_abs()))?;
            *self.cluster.insert(time)
        };
        let relative = i16::try_from(time - begin).unwrap_or(i16::MAX);
        let mut block = vec![0x80 | track];
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

impl Matroska<Vec<u8>> {
    /// Begins a stream in memory: uncompressed pictures in the first track, and voices in those that follow.
    pub fn of_pictures_and_voices(size: Size, voices: u8) -> io::Result<Self> {
        let each = (0..voices).map(|number| voice(FIRST + 1 + number));
        Self::begin(Vec::new(), &std::iter::once(uncompressed(size)).chain(each).collect::<Vec<_>>().concat())
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.to)
    }
}

/// The description of uncompressed pictures, with three planes as in `yuv420p`.
fn uncompressed(Size { width, height }: Size) -> Vec<u8> {
    let mut entry = head(FIRST, 1, "V_UNCOMPRESSED");
    let form = [number(0xb0, width.into()), number(0xba, height.into()), text(0x2e_b524, "I420")];
    entry.extend(element(0xe0, &form.concat()));
    element(0xae, &entry)
}

/// The description of a voice.
fn voice(track: u8) -> Vec<u8> {
    let mut entry = head(track, 2, "A_OPUS");
    entry.extend(element(0x63a2, &opus_head()));
    entry.extend(element(0xe1, &[element(0xb5, &48_000_f64.to_be_bytes()), number(0x9f, 2)].concat()));
    element(0xae, &entry)
}

/// The begin of the description of a track: its number, its kind (1 for pictures, 2 for sounds), and its codec.
fn head(track: u8, kind: u64, codec: &str) -> Vec<u8> {
    let track = u64::from(track);
    [number(0xd7, track), number(0x73c5, track), number(0x83, kind), text(0x86, codec), number(0x9c, 0)].concat()
}

/// The description of the only track.
fn track(codec: TrackCodec, first: &Frame) -> Vec<u8> {
    let mut entry = match codec {
        TrackCodec::Opus => return voice(FIRST),
        TrackCodec::Vp8 => head(FIRST, 1, "V_VP8"),
        TrackCodec::H264 => head(FIRST, 1, "V_MPEG4/ISO/AVC"),
    };
    if let Some((sequence, picture)) = &first.parameters {
        entry.extend(element(0x63a2, &avc_configuration(sequence, picture)));
    }
    // Readers want a size, and take that of the pictures.
    entry.extend(element(0xe0, &[number(0xb0, 1_280), number(0xba, 720)].concat()));
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
