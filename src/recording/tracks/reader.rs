//! Reads a packet log and writes its streams as clips.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::clip::{Clip, Writing};
use super::frames::{Assembler, Frame};
use super::reorder::Reorder;
use super::timeline::Timeline;
use crate::clock::Millis;
use crate::media::{Source, TrackCodec};
use crate::recording::packet_log;
use crate::recording::packet_log::{Reader, Record};

/// A picture that comes after a longer interruption is another clip, in milliseconds: a program decodes each, and one that
/// waits for hours costs as much as one that works. Silence costs nothing.
const ANOTHER: Millis = 10_000;
/// How many clips a log has at most. A page would have to connect again every second to reach it.
const MOST: usize = 20_000;

/// Reads the parts of a log, in their order, and writes its clips into a folder. Their files have this prefix.
pub fn read_log(parts: &[PathBuf], folder: &Path, prefix: &str) -> io::Result<Vec<Clip>> {
    let mut log = Log { folder, prefix, streams: HashMap::new(), clips: Vec::new(), written: 0 };
    for part in parts {
        let bytes = std::fs::read(part)?;
        let Some(reader) = Reader::new(&bytes) else { continue };
        let begin = reader.begin;
        for record in reader {
            log.take(record, begin)?;
        }
    }
    log.finish()
}

struct Log<'a> {
    folder: &'a Path,
    prefix: &'a str,
    streams: HashMap<u16, Stream>,
    clips: Vec<Clip>,
    written: usize,
}

/// A stream of a log.
struct Stream {
    user_id: String,
    source: Source,
    codec: TrackCodec,
    begin: Millis,
    reorder: Reorder,
    assembler: Assembler,
    timeline: Timeline,
    layer: u8,
    writing: Option<Writing>,
}

impl Log<'_> {
    fn take(&mut self, record: Record<'_>, begin: Millis) -> io::Result<()> {
        match record {
            // The second part of a log says its streams again.
            Record::Stream(packet_log::Stream { number, source, codec, user_id }) => {
                self.streams.entry(number).or_insert_with(|| Stream {
                    user_id,
                    source,
                    codec,
                    begin,
                    reorder: Reorder::default(),
                    assembler: Assembler::new(codec),
                    timeline: Timeline::new(rate(codec)),
                    layer: 0,
                    writing: None,
                });
                Ok(())
            }
            Record::Packet(packet) => {
                let Some(mut stream) = self.streams.remove(&packet.stream) else { return Ok(()) };
                for ordered in stream.reorder.take(&packet) {
                    self.ordered(&mut stream, &ordered)?;
                }
                self.streams.insert(packet.stream, stream);
                Ok(())
            }
        }
    }

    fn ordered(&mut self, stream: &mut Stream, packet: &super::reorder::Ordered) -> io::Result<()> {
        if packet.layer != stream.layer {
            // Another layer is another stream with another clock.
            stream.layer = packet.layer;
            stream.timeline = Timeline::new(rate(stream.codec));
            stream.assembler = Assembler::new(stream.codec);
        }
        stream.assembler.take(packet).map_or(Ok(()), |frame| self.frame(stream, &frame))
    }

    fn frame(&mut self, stream: &mut Stream, frame: &Frame) -> io::Result<()> {
        let at = stream.begin + stream.timeline.time(frame.time, frame.at).max(0) / 1_000;
        let is_over = stream.source != Source::Mic
            && stream.writing.as_ref().is_some_and(|writing| writing.silence(at) > ANOTHER && frame.is_key);
        if is_over && let Some(writing) = stream.writing.take() {
            self.clips.push(writing.finish()?);
        }
        let writing = if let Some(writing) = &mut stream.writing {
            writing
        } else {
            let has_parameters = stream.codec != TrackCodec::H264 || frame.parameters.is_some();
            if !frame.is_key || !has_parameters || self.written >= MOST {
                return Ok(());
            }
            self.written += 1;
            let path = self.folder.join(format!("{}-{}.mkv", self.prefix, self.written));
            let what = (stream.user_id.as_str(), stream.source, stream.codec);
            stream.writing.insert(Writing::begin(&path, what, frame, at)?)
        };
        writing.write(at, frame)
    }

    fn finish(mut self) -> io::Result<Vec<Clip>> {
        for (_, mut stream) in std::mem::take(&mut self.streams) {
            for ordered in stream.reorder.finish() {
                self.ordered(&mut stream, &ordered)?;
            }
            if let Some(writing) = stream.writing {
                self.clips.push(writing.finish()?);
            }
        }
        self.clips.sort_by(|a, b| (a.begin, &a.path).cmp(&(b.begin, &b.path)));
        Ok(self.clips)
    }
}

fn rate(codec: TrackCodec) -> u32 {
    match codec {
        TrackCodec::Opus => 48_000,
        TrackCodec::Vp8 | TrackCodec::H264 => 90_000,
    }
}
