//! Key frames: how they are recognized, and how often they are asked for.

use std::time::{Duration, Instant};

use h264_reader::nal::sps::SeqParameterSet;
use h264_reader::rbsp::{BitReader, ByteReader};
use str0m::format::Codec;

/// Key frames are large: requests of many receivers are one request, and there is at most one in this time.
const APART: Duration = Duration::from_millis(500);

/// Whether a key frame begins with this payload.
pub(super) fn starts_keyframe(codec: Codec, payload: &[u8]) -> bool {
    match codec {
        // The first packet of the first partition; then the lowest bit of the first byte of the frame says it: RFC 7741, 4.
        Codec::Vp8 => {
            let is_first = payload.first().is_some_and(|first| first & 0x1f == 0x10);
            is_first && vp8_frame(payload).and_then(<[u8]>::first).is_some_and(|byte| byte & 1 == 0)
        }
        Codec::H264 => h264(payload).unwrap_or(false),
        _ => false,
    }
}

/// The width and height of the picture that begins with this payload of a key frame, in pixels, if the payload says it.
pub(super) fn size(codec: Codec, payload: &[u8]) -> Option<(u32, u32)> {
    match codec {
        Codec::Vp8 if starts_keyframe(codec, payload) => vp8_size(payload),
        Codec::H264 => h264_size(payload),
        _ => None,
    }
}

/// RFC 6386, 9.1: three bytes of the frame, three of the start code, two of the width and two of the height, of which 14 bits
/// count.
fn vp8_size(payload: &[u8]) -> Option<(u32, u32)> {
    let frame = vp8_frame(payload)?;
    let &[_, _, _, 0x9d, 0x01, 0x2a, ref size @ ..] = frame else { return None };
    let edge = |at| Some(u32::from(u16::from_le_bytes(*size.get(at..)?.first_chunk()?) & 0x3fff));
    Some((edge(0)?, edge(2)?))
}

/// What follows the VP8 descriptor of a payload: RFC 7741, 4.2.
#[must_use]
pub fn vp8_frame(payload: &[u8]) -> Option<&[u8]> {
    let mut length = 1;
    if payload.first()? & 0x80 != 0 {
        let extension = payload.get(1)?;
        length += 1;
        if extension & 0x80 != 0 {
            length += if payload.get(length)? & 0x80 == 0 { 1 } else { 2 };
        }
        length += usize::from(extension & 0x40 != 0) + usize::from(extension & 0x30 != 0);
    }
    payload.get(length..)
}

/// The types of units of H.264: RFC 6184, 5.2 to 5.8.
const H264_TYPE: u8 = 0x1f;
const H264_IDR: u8 = 5;
const H264_PARAMETERS: u8 = 7;
/// Several units in one packet. After a byte of header, each has two bytes of length.
const H264_STAP_A: u8 = 24;
/// A part of a unit.
const H264_FU_A: u8 = 28;

/// An IDR slice, or the parameters before one.
fn h264(payload: &[u8]) -> Option<bool> {
    let is_key = |byte: &u8| matches!(byte & H264_TYPE, H264_IDR | H264_PARAMETERS);
    Some(match payload.first()? & H264_TYPE {
        H264_STAP_A => is_key(payload.get(3)?),
        // Only the first part counts.
        H264_FU_A => payload.get(1)? & 0x80 != 0 && is_key(payload.get(1)?),
        _ => is_key(payload.first()?),
    })
}

/// The size in the parameters of a sequence.
fn h264_size(payload: &[u8]) -> Option<(u32, u32)> {
    let is_parameters = |unit: &[u8]| unit.first().is_some_and(|first| first & H264_TYPE == H264_PARAMETERS);
    let mut unit = payload;
    if payload.first()? & H264_TYPE == H264_STAP_A {
        let mut rest = payload.get(1..)?;
        loop {
            let (length, after) = rest.split_first_chunk()?;
            (unit, rest) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            if is_parameters(unit) {
                break;
            }
        }
    }
    if !is_parameters(unit) {
        return None;
    }
    let bits = BitReader::new(ByteReader::skipping_h264_header(unit));
    SeqParameterSet::from_bits(bits).ok()?.pixel_dimensions().ok()
}

/// The requests for key frames of one incoming stream.
#[derive(Debug, Default)]
pub(super) struct KeyframeRequests {
    is_wanted: bool,
    last: Option<Instant>,
}

impl KeyframeRequests {
    /// A receiver needs one.
    pub fn want(&mut self) {
        self.is_wanted = true;
    }

    /// One has come.
    pub fn arrived(&mut self) {
        self.is_wanted = false;
    }

    /// Whether to ask for one now.
    pub fn is_due(&mut self, now: Instant) -> bool {
        let is_due = self.is_wanted && self.last.is_none_or(|last| now.saturating_duration_since(last) >= APART);
        if is_due {
            self.last = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_many_receivers_are_one_and_not_too_often() {
        let start = Instant::now();
        let mut requests = KeyframeRequests::default();
        assert!(!requests.is_due(start));
        requests.want();
        requests.want();
        assert!(requests.is_due(start));
        assert!(!requests.is_due(start + Duration::from_millis(499)));
        assert!(requests.is_due(start + Duration::from_millis(500)));
        requests.arrived();
        assert!(!requests.is_due(start + Duration::from_secs(9)));
    }

    #[test]
    fn key_frames_of_vp8_and_h264_are_recognized() {
        let vp8 = |payload: &[u8]| starts_keyframe(Codec::Vp8, payload);
        assert!(vp8(&[0x10, 0x00, 1]));
        assert!(!vp8(&[0x10, 0x01, 1]), "a picture that needs others");
        assert!(!vp8(&[0x00, 0x00, 1]), "the rest of a key frame");
        let h264 = |payload: &[u8]| starts_keyframe(Codec::H264, payload);
        assert!(h264(&[0x65, 1]));
        assert!(h264(&[0x18, 0, 2, 0x67, 1]));
        assert!(h264(&[0x7c, 0x85, 1]));
        assert!(!h264(&[0x7c, 0x05, 1]), "the rest of a fragmented one");
        assert!(!h264(&[0x41, 1]));
        assert!(!h264(&[]));
    }

    #[test]
    fn a_key_frame_says_how_large_the_picture_is() {
        let payload = [0x90, 0x80, 0x80, 1, 0, 0, 0, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2];
        assert_eq!(size(Codec::Vp8, &payload), Some((1280, 720)));
        assert_eq!(size(Codec::Vp8, &payload[..payload.len() - 1]), None);
        let parameters = [
            0x67, 0x64, 0x00, 0x0a, 0xac, 0x72, 0x84, 0x44, 0x26, 0x84, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03,
            0x00, 0xca, 0x3c, 0x48, 0x96, 0x11, 0x80,
        ];
        assert_eq!(size(Codec::H264, &parameters), Some((64, 64)));
        let among_others = [&[0x18, 0, 2, 0x09, 0x10, 0, 25], &parameters[..], &[0, 1, 0x68]].concat();
        assert_eq!(size(Codec::H264, &among_others), Some((64, 64)));
        for without in [&payload[..], &parameters[..9], &among_others[..20], &[0x18, 0, 1, 0x68], &[0x65, 1], &[]] {
            assert_eq!(size(Codec::H264, without), None, "{without:?}");
        }
    }
}
