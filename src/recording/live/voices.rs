//! Puts voices into tracks without gaps, which one program mixes: what is missing is silence. A track goes from one speaker to
//! another.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::sink::{LivePacket, StreamKey};
use crate::recording::tracks::{Matroska, Timeline};

/// How many voices are heard at once. The first track is kept for the teacher.
pub(super) const VOICES: u8 = 8;
/// How long voices wait for packets that the network held up, in microseconds. Pictures take about as long to be decoded.
const DELAY: i64 = 200_000;
/// Somebody from whom nothing came for so long gives the track to others, in microseconds.
const GONE: i64 = 2_000_000;
/// How many packets of a voice may wait: those of four seconds.
const WAITING: usize = 200;
/// The rate of the RTP clock of voices, in units a second.
const RATE: u32 = 48_000;
/// A packet of silence, and how long it is, in microseconds.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
const SILENCE_LENGTH: i64 = 20_000;
/// No packet is longer (RFC 6716, 3.1).
const LONGEST: i64 = 120_000;

/// The voices of a class. Times are microseconds since the begin of the broadcast.
pub(super) struct Voices {
    teacher_id: String,
    tracks: Vec<Track>,
}

/// A track.
#[derive(Default)]
struct Track {
    /// Up to when it is written.
    written: i64,
    speaker: Option<Speaker>,
}

/// Who speaks in a track.
struct Speaker {
    key: StreamKey,
    timeline: Timeline,
    /// The packets that are still to come, by their times.
    waiting: BTreeMap<i64, Arc<[u8]>>,
    last: i64,
}

impl Voices {
    pub fn new(teacher_id: &str) -> Self {
        let tracks = (0..VOICES).map(|_| Track::default()).collect();
        Self { teacher_id: teacher_id.to_owned(), tracks }
    }

    /// Takes a packet that arrived at a time. Without a free track it is not heard.
    pub fn take(&mut self, packet: &LivePacket, at: i64) {
        let is_own = |track: &Track| track.speaker.as_ref().is_some_and(|speaker| speaker.key == packet.key);
        let own = self.tracks.iter().position(is_own);
        let Some(track) = own.or_else(|| self.free(&packet.user_id)).and_then(|n| self.tracks.get_mut(n)) else {
            return;
        };
        let speaker = track.speaker.get_or_insert_with(|| Speaker {
            key: packet.key,
            timeline: Timeline::new(RATE),
            waiting: BTreeMap::new(),
            last: at,
        });
        speaker.last = at;
        let time = speaker.timeline.time(packet.time, at.unsigned_abs()).saturating_add(DELAY);
        if speaker.waiting.len() >= WAITING {
            // Another clock, or somebody who sends faster than time passes.
            speaker.waiting.clear();
        }
        speaker.waiting.insert(time, packet.payload.clone());
    }

    /// Writes all tracks up to a time.
    pub fn write(&mut self, until: i64, to: &mut Matroska<Vec<u8>>) -> io::Result<()> {
        for (number, track) in (2..).zip(&mut self.tracks) {
            while let Some((at, payload)) = track.next(until) {
                track.be_silent(number, at, to)?;
                let Some(length) = length(&payload).filter(|length| at + length > track.written) else { continue };
                to.write_to(number, track.written / 1_000, true, &payload)?;
                track.written += length;
            }
            track.be_silent(number, until, to)?;
            track.speaker.take_if(|speaker| speaker.last + GONE < until);
        }
        Ok(())
    }

    fn free(&self, user_id: &str) -> Option<usize> {
        let is_free = |track: &Track| track.speaker.is_none();
        if user_id == self.teacher_id && self.tracks.first().is_some_and(is_free) {
            return Some(0);
        }
        self.tracks.iter().skip(1).position(is_free).map(|n| n + 1)
    }
}

impl Track {
    /// The next packet whose time has come.
    fn next(&mut self, until: i64) -> Option<(i64, Arc<[u8]>)> {
        let first = self.speaker.as_mut()?.waiting.first_entry()?;
        (*first.key() <= until).then(|| first.remove_entry())
    }

    fn be_silent(&mut self, number: u8, until: i64, to: &mut Matroska<Vec<u8>>) -> io::Result<()> {
        while self.written + SILENCE_LENGTH <= until {
            to.write_to(number, self.written / 1_000, true, &SILENCE)?;
            self.written += SILENCE_LENGTH;
        }
        Ok(())
    }
}

/// How long a packet is, in microseconds (RFC 6716, 3.1 and 3.2); `None` for what is none.
fn length(packet: &[u8]) -> Option<i64> {
    let first = *packet.first()?;
    let size = usize::from(first >> 3 & 3);
    let frame = match first >> 3 {
        0..12 => *[10_000, 20_000, 40_000, 60_000].get(size)?,
        12..16 => *[10_000, 20_000].get(size & 1)?,
        _ => *[2_500, 5_000, 10_000, 20_000].get(size)?,
    };
    let frames = match first & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => i64::from(*packet.get(1)? & 0x3f),
    };
    Some(frame * frames).filter(|length| (1..=LONGEST).contains(length))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::integrations::ffmpeg::Size;
    use crate::media::{Source, TrackCodec};

    /// A packet of 20 ms.
    const VOICE: [u8; 4] = [0xf8, 1, 2, 3];

    fn packet(sender: u64, user_id: &str, number: u32) -> LivePacket {
        LivePacket {
            key: (sender, Source::Mic, TrackCodec::Opus),
            user_id: user_id.into(),
            layer: 0,
            sequence: number.into(),
            time: number * 960,
            is_last: true,
            arrived: Instant::now(),
            payload: Arc::from(VOICE),
        }
    }

    /// What is written of each track: how many packets of voice and of silence.
    fn written(voices: &mut Voices, until: i64) -> Vec<(usize, usize)> {
        let mut stream = Matroska::of_pictures_and_voices(Size { width: 2, height: 2 }, VOICES).unwrap();
        stream.take();
        voices.write(until, &mut stream).unwrap();
        let bytes = stream.take();
        let count = |track: u8, end: &[u8]| {
            let blocks = bytes.windows(4 + end.len());
            blocks.filter(|block| block[0] == 0x80 | track && block[3] == 0x80 && block.ends_with(end)).count()
        };
        (2..2 + VOICES).map(|track| (count(track, &VOICE), count(track, &SILENCE))).collect()
    }

    #[test]
    fn a_voice_comes_after_silence_and_its_gaps_are_silence() {
        let mut voices = Voices::new("teacher");
        for number in (0..100).filter(|number| !(40..50).contains(number)) {
            voices.take(&packet(1, "teacher", number), i64::from(number) * 20_000);
        }
        // The voice begins with the delay.
        let tracks = written(&mut voices, 2_200_000);
        assert_eq!(tracks[0], (90, 10 + 10));
        assert!(tracks[1..].iter().all(|track| *track == (0, 110)), "{tracks:?}");
    }

    #[test]
    fn nobody_is_heard_twice_and_what_comes_too_late_is_not_heard() {
        let mut voices = Voices::new("teacher");
        voices.take(&packet(1, "li", 0), 0);
        voices.take(&packet(1, "li", 0), 10_000);
        assert_eq!(written(&mut voices, 1_000_000)[1], (1, 49));
        voices.take(&packet(1, "li", 10), 1_000_000);
        assert_eq!(written(&mut voices, 2_000_000)[1], (0, 50));
    }

    #[test]
    fn the_first_track_is_that_of_the_teacher_and_others_go_from_one_to_another() {
        let mut voices = Voices::new("teacher");
        for sender in 1..10 {
            voices.take(&packet(sender, "li", 0), 0);
        }
        voices.take(&packet(20, "teacher", 0), 0);
        let tracks = written(&mut voices, 3_000_000);
        assert!(tracks.iter().all(|(voice, _)| *voice == 1), "{tracks:?}");
        voices.take(&packet(30, "wang", 0), 3_000_000);
        assert_eq!(written(&mut voices, 4_000_000)[1].0, 1);
    }

    #[test]
    fn a_packet_says_how_long_it_is() {
        for (packet, wanted) in [
            (&SILENCE[..], Some(20_000)),
            (&[0x78, 0], Some(20_000)),
            (&[0x18, 0], Some(60_000)),
            (&[0xe0, 0], Some(2_500)),
            (&[0xf9, 0], Some(40_000)),
            (&[0xfb, 3], Some(60_000)),
            (&[0xfb, 0x3f], None),
            (&[0xfb, 0], None),
            (&[0xfb], None),
            (&[], None),
        ] {
            assert_eq!(length(packet), wanted, "{packet:?}");
        }
    }
}
