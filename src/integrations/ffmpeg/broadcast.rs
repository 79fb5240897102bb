//! Encodes a live picture and voices into segments, while they come.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::failure::{Failure, last_words};
use super::studio::Studio;
use super::video::{KEY_EVERY, RATE};

/// The length of a segment, in seconds: from one key frame to the next.
const LENGTH: u32 = KEY_EVERY / RATE;
/// How much of what a program says is kept.
const WORDS: usize = 4_096;

/// What is broadcast: a Matroska stream with uncompressed pictures and voices, written in real time.
pub struct Broadcast {
    input: ChildStdin,
    patience: Duration,
}

/// The segments of a broadcast. The program ends when this is dropped.
pub struct Segments<'a> {
    studio: &'a Studio<'a>,
    lines: Lines<BufReader<ChildStdout>>,
    child: Child,
    words: JoinHandle<String>,
    number: u64,
}

/// A segment that is complete: an MPEG transport stream with H.264 and AAC.
pub struct FinishedSegment {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How long it is, in milliseconds.
    pub length: i64,
}

impl Studio<'_> {
    /// Begins a broadcast with this many voices.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn broadcast(&self, voices: usize) -> Result<(Broadcast, Segments<'_>), Failure> {
        let (rate, key, length) = (RATE.to_string(), KEY_EVERY.to_string(), LENGTH.to_string());
        let graph = mixed(voices);
        let mut arguments = words("-analyzeduration 500000 -fpsprobesize 0 -f matroska -i pipe:0 -filter_complex");
        arguments.push(graph);
        arguments.extend(words("-map 0:v -map [out] -fps_mode cfr -pix_fmt yuv420p -c:v libx264 -preset veryfast"));
        // The rate is limited: what is live must come through as it is made.
        arguments.extend(words("-profile:v main -b:v 1200k -maxrate 1500k -bufsize 3000k -sc_threshold 0"));
        arguments.extend(["-r", &rate, "-g", &key].map(String::from));
        arguments.extend(words("-c:a aac -b:a 96k -ac 1 -ar 48000 -f segment -segment_format mpegts"));
        // The program writes a line for each segment that is complete.
        arguments.extend(words("-segment_list pipe:1 -segment_list_type csv"));
        arguments.extend(["-segment_time", &length, "/out/%d.ts"].map(String::from));
        let mut child = self.spawn(&arguments, [Stdio::piped(), Stdio::piped(), Stdio::piped()])?;
        let none = || Failure::Program("it has no streams".to_owned());
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (input, output, errors) = (input.ok_or_else(none)?, output.ok_or_else(none)?, errors.ok_or_else(none)?);
        let lines = BufReader::new(output).lines();
        let words = tokio::spawn(last_of(errors));
        let patience = self.ffmpeg.settings.patience;
        Ok((Broadcast { input, patience }, Segments { studio: self, lines, child, words, number: 0 }))
    }
}

impl Broadcast {
    /// Writes what follows of the stream.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = timeout(self.patience, self.input.write_all(bytes)).await;
        Ok(written.map_err(|_| Failure::Hanging(self.patience))??)
    }
}

impl Segments<'_> {
    /// Waits for the next segment; `None` after the last one.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn next(&mut self) -> Result<Option<FinishedSegment>, Failure> {
        let Some(line) = self.lines.next_line().await? else {
            let status = self.child.wait().await?;
            let said = (&mut self.words).await.unwrap_or_default();
            return if status.success() { Ok(None) } else { Err(Failure::Program(last_words(&said))) };
        };
        // The name is not taken from the line: what the program reads may have made it say anything.
        let name = format!("{}.ts", self.number);
        self.number += 1;
        let length = length(&line).ok_or_else(|| Failure::Program("it says no times".to_owned()))?;
        Ok(Some(FinishedSegment { bytes: self.studio.read(&name).await?, length }))
    }
}

/// Mixes voices. Each is at its time, and gaps are silence.
fn mixed(voices: usize) -> String {
    let voice = |number| format!("[0:a:{number}]aresample=48000:async=1000,pan=mono|c0=0.5*c0+0.5*c1[v{number}];");
    let mut graph: Vec<String> = (0..voices).map(voice).collect();
    graph.extend((0..voices).map(|number| format!("[v{number}]")));
    graph.push(format!("amix=inputs={voices}:normalize=0:dropout_transition=0,alimiter=limit=0.9:level=0[out]"));
    graph.concat()
}

/// The length of a segment, in milliseconds, from a line such as `0.ts,0.000000,4.133333`.
fn length(line: &str) -> Option<i64> {
    let mut fields = line.split(',').skip(1).map(|field| {
        let (seconds, parts) = field.trim().split_once('.')?;
        Some(seconds.parse::<i64>().ok()? * 1_000 + parts.get(..3)?.parse::<i64>().ok()?)
    });
    let (begin, end) = (fields.next()??, fields.next()??);
    (begin < end).then(|| end - begin)
}

/// Reads what a program says to its end, and returns the end of it.
async fn last_of(mut errors: ChildStderr) -> String {
    let (mut kept, mut buffer) = (Vec::new(), vec![0; WORDS]);
    while let Ok(read @ 1..) = errors.read(&mut buffer).await {
        kept.extend(buffer.iter().take(read));
        let passed = kept.len().saturating_sub(WORDS);
        kept.drain(..passed);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_segment_is_the_difference_of_its_times() {
        assert_eq!(length("0.ts,0.000000,4.133333"), Some(4_133));
        assert_eq!(length("12.ts,48.133333,52.133333"), Some(4_000));
        for wrong in ["", "0.ts", "0.ts,1", "0.ts,4.000000,4.000000", "0.ts,a.000000,4.000000", "x,1.0,2.0"] {
            assert_eq!(length(wrong), None, "{wrong}");
        }
    }
}
