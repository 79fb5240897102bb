//! Clips: stretches in which somebody sent something without long interruptions.

use std::fs::File;
use std::io;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::frames::Frame;
use super::matroska::Matroska;
use crate::clock::Millis;
use crate::media::{Source, TrackCodec};

/// Somebody from whom nothing came for so long is not on stage, in milliseconds.
const GONE: Millis = 2_000;

/// A clip in a file. Its times are those of the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    pub user_id: String,
    pub source: Source,
    pub codec: TrackCodec,
    pub path: PathBuf,
    pub begin: Millis,
    pub end: Millis,
    /// The times in which something came.
    pub active: Vec<(Millis, Millis)>,
}

impl Clip {
    /// Whether something came at this time.
    pub fn is_active(&self, at: Millis) -> bool {
        let next = self.active.partition_point(|(begin, _)| *begin <= at);
        next.checked_sub(1).and_then(|last| self.active.get(last)).is_some_and(|(_, end)| at < *end)
    }
}

/// A clip that is being written.
pub(super) struct Writing {
    pub clip: Clip,
    file: Matroska<BufWriter<File>>,
    last: Millis,
}

impl Writing {
    /// Begins a clip with its first frame, at this time.
    pub fn begin(
        path: &Path,
        (user_id, source, codec): (&str, Source, TrackCodec),
        first: &Frame,
        begin: Millis,
    ) -> io::Result<Self> {
        let file = Matroska::new(BufWriter::new(File::create(path)?), codec, first)?;
        let (user_id, path) = (user_id.to_owned(), path.to_owned());
        let clip = Clip { user_id, source, codec, path, begin, end: begin, active: vec![(begin, begin)] };
        Ok(Self { clip, file, last: -1 })
    }

    /// How long ago the last frame was, at a time.
    pub fn silence(&self, at: Millis) -> Millis {
        at.saturating_sub(self.clip.end)
    }

    pub fn write(&mut self, at: Millis, frame: &Frame) -> io::Result<()> {
        // Two frames at the same millisecond would be one for some readers.
        let time = at.saturating_sub(self.clip.begin).max(self.last + 1);
        self.last = time;
        let at = self.clip.begin + time;
        match self.clip.active.last_mut().filter(|(_, end)| at <= *end) {
            Some((_, end)) => *end = at + GONE,
            None => self.clip.active.push((at, at + GONE)),
        }
        self.clip.end = at;
        self.file.write(time, frame.is_key, &frame.data)
    }

    pub fn finish(mut self) -> io::Result<Clip> {
        self.file.finish()?;
        // What came last was seen for a moment, not until it would have been missed.
        self.clip.end += 40;
        let end = self.clip.end;
        if let Some(last) = self.clip.active.last_mut() {
            last.1 = last.1.min(end);
        }
        Ok(self.clip)
    }
}
