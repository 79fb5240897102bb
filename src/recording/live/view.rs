//! What is seen live: the shared screen, else the camera of the teacher, else that of whoever came first. Without any it is the
//! name of the teacher.

use std::collections::HashMap;
use std::sync::Arc;

use super::sink::{LivePacket, StreamKey};
use crate::integrations::ffmpeg::{Failure, Fit, LivePicture, Size, Studio};
use crate::media::{Source, TrackCodec};
use crate::recording::composition::still;
use crate::recording::packet_log::Packet;
use crate::recording::tracks::{Assembler, Frame, Matroska, Reorder};

/// The size of the picture.
pub(super) const PICTURE: Size = Size { width: 1_280, height: 720 };
/// A picture of which nothing came for so long is not shown, in microseconds.
const GONE: i64 = 2_000_000;
/// How long to wait for a key frame before another is asked for, in microseconds.
const AGAIN: i64 = 3_000_000;

/// What is seen. Times are microseconds since the begin of the broadcast.
pub(super) struct View<'a> {
    studio: &'a Studio<'a>,
    teacher_id: String,
    streams: HashMap<StreamKey, Stream>,
    /// How many streams have come.
    came: usize,
    shown: Option<StreamKey>,
    decoder: Option<Decoder>,
    /// When a key frame was last asked for.
    asked: i64,
    still: Arc<Vec<u8>>,
    picture: Arc<Vec<u8>>,
}

/// Somebody's camera or screen.
struct Stream {
    is_teacher: bool,
    order: usize,
    layer: u8,
    reorder: Reorder,
    assembler: Assembler,
    last: i64,
}

/// What decodes the shown stream.
struct Decoder {
    picture: LivePicture,
    frames: Matroska<Vec<u8>>,
    last: i64,
}

impl<'a> View<'a> {
    pub fn new(studio: &'a Studio<'a>, teacher_id: &str, name: &str) -> Self {
        let still = Arc::new(still(name, PICTURE));
        Self {
            studio,
            teacher_id: teacher_id.to_owned(),
            streams: HashMap::new(),
            came: 0,
            shown: None,
            decoder: None,
            asked: 0,
            picture: still.clone(),
            still,
        }
    }

    /// Takes a packet that arrived at a time.
    pub fn take(&mut self, packet: &LivePacket, at: i64) -> Result<(), Failure> {
        let LivePacket { key, ref user_id, layer, sequence, time, is_last, ref payload, .. } = *packet;
        let came = &mut self.came;
        let stream = self.streams.entry(key).or_insert_with(|| {
            *came += 1;
            Stream {
                is_teacher: *user_id == self.teacher_id,
                order: *came,
                layer,
                reorder: Reorder::default(),
                assembler: Assembler::new(key.2),
                last: at,
            }
        });
        stream.last = at;
        let frames =
            stream.take(&Packet { stream: 0, at: at.unsigned_abs(), sequence, time, layer, is_last, payload }, key.2);
        frames.iter().try_for_each(|frame| self.frame(key, frame, at))
    }

    /// Chooses what is shown at a time. Returns whether it needs a key frame.
    pub fn update(&mut self, at: i64) -> bool {
        self.choose(at);
        let latest = self.decoder.as_ref().and_then(|decoder| decoder.picture.picture());
        match latest {
            Some(latest) => self.picture = latest,
            None if self.shown.is_none() => self.picture = self.still.clone(),
            // The one before stays until there is another.
            None => {}
        }
        let is_needed = self.shown.is_some() && self.decoder.is_none() && self.asked + AGAIN < at;
        if is_needed {
            self.asked = at;
        }
        is_needed
    }

    /// The picture.
    pub fn picture(&self) -> &[u8] {
        &self.picture
    }

    fn choose(&mut self, at: i64) {
        self.streams.retain(|_, stream| stream.last + GONE >= at);
        let rank = |(key, stream): &(&StreamKey, &Stream)| (key.1 != Source::Screen, !stream.is_teacher, stream.order);
        let best = self.streams.iter().min_by_key(rank).map(|(key, _)| *key);
        if self.shown != best {
            (self.shown, self.decoder) = (best, None);
        }
    }

    fn frame(&mut self, key: StreamKey, frame: &Frame, at: i64) -> Result<(), Failure> {
        if frame.is_key {
            self.choose(at);
        }
        if self.shown != Some(key) {
            return Ok(());
        }
        if self.decoder.is_none() {
            let has_parameters = key.2 != TrackCodec::H264 || frame.parameters.is_some();
            if !frame.is_key || !has_parameters {
                return Ok(());
            }
            // It is not begun again and again when it fails.
            self.asked = at;
            let picture = self.studio.decode_live(PICTURE, Fit::Inside)?;
            self.decoder = Some(Decoder { picture, frames: Matroska::new(Vec::new(), key.2, frame)?, last: -1 });
        }
        if let Some(decoder) = &mut self.decoder {
            decoder.last = (at / 1_000).max(decoder.last + 1);
            decoder.frames.write(decoder.last, frame.is_key, &frame.data)?;
            if !decoder.picture.write(decoder.frames.take()) {
                self.decoder = None;
            }
        }
        Ok(())
    }
}

impl Stream {
    /// The frames that are whole with a packet.
    fn take(&mut self, packet: &Packet<'_>, codec: TrackCodec) -> Vec<Frame> {
        let mut frames = Vec::new();
        for ordered in self.reorder.take(packet) {
            if ordered.layer != self.layer {
                // Another layer is another stream.
                (self.layer, self.assembler) = (ordered.layer, Assembler::new(codec));
            }
            frames.extend(self.assembler.take(&ordered));
        }
        frames
    }
}
