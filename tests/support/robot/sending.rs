//! What robots send: packets of the size and the pace of voices and pictures, without content.

use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::media::{Mid, Pt};
use str0m::rtp::{ExtensionValues, RtpWrite};

use super::film::Film;
use super::running::START;

/// A stream that a robot sends.
#[derive(Debug)]
pub struct Sending {
    pub mid: Mid,
    pub source: &'static str,
    pub rid: Option<&'static str>,
    pub layer: u8,
    pub every: Duration,
    /// The packets of one picture, and the bytes of each.
    pub packets: u64,
    pub bytes: usize,
    pub next: Instant,
    pub sequence: u64,
    pub time: u32,
    pub step: u32,
    pub picture: u16,
    pub wants_keyframe: bool,
    film: Option<(Arc<Film>, usize)>,
}

impl Sending {
    pub fn voice(mid: Mid) -> Self {
        Self::new(mid, "mic", None, 0, (20, 1, 80, 960))
    }

    pub fn picture(mid: Mid, source: &'static str, rid: Option<&'static str>, layer: usize, rate: u64) -> Self {
        // 25 pictures a second.
        let bytes = (rate * 1_000 / 8 / 25).max(60);
        let packets = bytes.div_ceil(1_000);
        Self::new(mid, source, rid, layer, (40, packets, usize::try_from(bytes / packets).unwrap(), 3_600))
    }

    pub fn new(
        mid: Mid,
        source: &'static str,
        rid: Option<&'static str>,
        layer: usize,
        (millis, packets, bytes, step): (u64, u64, usize, u32),
    ) -> Self {
        let every = Duration::from_millis(millis);
        // Robots don't send at the same moment.
        let next = Instant::now() + every.mul_f64(rand::random());
        let layer = u8::try_from(layer).unwrap();
        Self {
            mid,
            source,
            rid,
            layer,
            every,
            packets,
            bytes,
            next,
            step,
            sequence: 1,
            time: rand::random(),
            picture: 0,
            wants_keyframe: true,
            film: None,
        }
    }

    pub fn is_voice(&self) -> bool {
        self.source == "mic"
    }

    /// Sends a film, in step with the other lines.
    pub fn play(&mut self, film: Arc<Film>) {
        self.next = Instant::now();
        if !self.is_voice() {
            self.every = film.every;
            self.step = 90 * u32::try_from(film.every.as_millis()).unwrap();
        }
        self.film = Some((film, 0));
    }

    /// The payloads of the next picture.
    fn payloads(&mut self) -> Vec<Vec<u8>> {
        let is_voice = self.is_voice();
        if let Some((film, next)) = &mut self.film {
            let frames = if is_voice { &film.voice } else { &film.pictures };
            let frame = &frames[*next % frames.len()];
            *next += 1;
            if is_voice {
                return vec![frame.clone()];
            }
            let [high, low] = self.picture.to_be_bytes();
            let descriptor = |is_first: bool| [if is_first { 0x90 } else { 0x80 }, 0x80, 0x80 | high, low];
            return frame.chunks(1_000).enumerate().map(|(n, part)| [&descriptor(n == 0), part].concat()).collect();
        }
        let is_key = std::mem::take(&mut self.wants_keyframe);
        (0..self.packets).map(|number| self.payload(number == 0, is_key)).collect()
    }

    /// The packets of the next picture.
    pub fn write(&mut self, payload_type: Pt, now: Instant) -> Vec<RtpWrite> {
        self.next += self.every;
        // A film keeps its pace, also when the robot is late.
        if self.next < now && self.film.is_none() {
            self.next = now + self.every;
        }
        self.time = self.time.wrapping_add(self.step);
        self.picture = (self.picture + 1) & 0x7fff;
        let payloads = self.payloads();
        // An encoder leaves out pictures that are as the one before.
        let last = payloads.len().saturating_sub(1);
        payloads
            .into_iter()
            .enumerate()
            .map(|(number, payload)| {
                self.sequence += 1;
                let level = self.is_voice().then_some(-20);
                let extensions = ExtensionValues {
                    audio_level: level,
                    voice_activity: level.map(|_| true),
                    ..ExtensionValues::default()
                };
                RtpWrite::new(payload_type, self.sequence.into(), self.time, now, payload)
                    .marker(number == last)
                    .ext_vals(extensions)
                    .nackable(!self.is_voice())
            })
            .collect()
    }

    pub fn payload(&self, is_first: bool, is_key: bool) -> Vec<u8> {
        let mut payload = Vec::with_capacity(self.bytes + 32);
        if !self.is_voice() {
            let [high, low] = self.picture.to_be_bytes();
            payload.extend([if is_first { 0x90 } else { 0x80 }, 0x80, 0x80 | high, low]);
            payload.extend([u8::from(!is_key), 0, 0, 0x9d, 0x01, 0x2a, 0x00, 0x05]);
            payload.extend((180u16 << self.layer).to_le_bytes());
        }
        payload.push(self.layer);
        payload.extend(u64::try_from(START.elapsed().as_micros()).unwrap().to_be_bytes());
        payload.resize(self.bytes.max(payload.len()), 0);
        payload
    }
}

/// The layer and the time that a payload has.
pub fn read(payload: &[u8], is_voice: bool) -> Option<(u8, u64)> {
    let rest = payload.get(if is_voice { 0 } else { 14 }..)?;
    Some((*rest.first()?, u64::from_be_bytes(rest.get(1..9)?.try_into().ok()?)))
}
