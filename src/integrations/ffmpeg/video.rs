//! Encodes pictures and a sound into a video, and puts tracks into files that players seek in.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin};
use tokio::time::timeout;

use super::failure::{Failure, last_words};
use super::studio::Studio;

/// Pictures a second.
pub(super) const RATE: u32 = 15;
/// A player can begin at each of so many pictures: every four seconds.
pub(super) const KEY_EVERY: u32 = 60;

/// The size of a picture, in pixels. Both are even.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    /// How many bytes a picture has.
    #[must_use]
    pub fn bytes(self) -> usize {
        let luma = self.width as usize * self.height as usize;
        luma + luma / 2
    }
}

/// A video that is being encoded.
pub struct Encoding {
    input: ChildStdin,
    child: Child,
    patience: Duration,
    limit: Duration,
}

impl Studio<'_> {
    /// Pictures a second of what is decoded and encoded.
    pub const RATE: u32 = RATE;

    /// Begins to encode an MP4 file (H.264, AAC) of pictures and a sound of the folder that programs read.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn encode(&self, sound: &str, Size { width, height }: Size, name: &str) -> Result<Encoding, Failure> {
        let (size, rate, key) = (format!("{width}x{height}"), RATE.to_string(), KEY_EVERY.to_string());
        let (sound, out) = (format!("/in/{sound}"), format!("/out/{name}"));
        let arguments = [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s",
            &size,
            "-r",
            &rate,
            "-i",
            "pipe:0",
            "-i",
            &sound,
            "-map",
            "0:v",
            "-map",
            "1:a",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "25",
            "-profile:v",
            "main",
            "-g",
            &key,
            "-c:a",
            "copy",
            "-movflags",
            "+faststart",
            &out,
        ];
        let arguments = arguments.map(String::from);
        let mut child = self.spawn(&arguments, [Stdio::piped(), Stdio::null(), Stdio::piped()])?;
        let input = child.stdin.take().ok_or_else(|| Failure::Program("it has no input".to_owned()))?;
        let settings = &self.ffmpeg.settings;
        Ok(Encoding { input, child, patience: settings.patience, limit: settings.time_limit })
    }

    /// Puts a track into a file that players seek in, without coding it anew. The end of the name says the format.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn rewrap(&self, from: &str, name: &str) -> Result<(), Failure> {
        let (from, out) = (format!("/in/{from}"), format!("/out/{name}"));
        self.run(&["-i", &from, "-c", "copy", &out].map(String::from)).await
    }
}

impl Encoding {
    /// Writes the next picture.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn write(&mut self, picture: &[u8]) -> Result<(), Failure> {
        let written = timeout(self.patience, self.input.write_all(picture)).await;
        match written.map_err(|_| Failure::Hanging(self.patience))? {
            Ok(()) => Ok(()),
            Err(_) => Err(Failure::Program(self.words().await)),
        }
    }

    /// Ends the video.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn finish(mut self) -> Result<(), Failure> {
        let limit = self.limit;
        self.input.shutdown().await?;
        let (mut input, mut child) = (self.input, self.child);
        let _ = input.flush().await;
        drop(input);
        let errors = child.stderr.take();
        let ended = async {
            let mut said = String::new();
            if let Some(mut errors) = errors {
                let _ = errors.read_to_string(&mut said).await;
            }
            Ok::<_, Failure>((child.wait().await?, said))
        };
        let (status, said) = timeout(limit, ended).await.map_err(|_| Failure::Hanging(limit))??;
        if status.success() { Ok(()) } else { Err(Failure::Program(last_words(&said))) }
    }

    /// What the program said before it ended.
    async fn words(&mut self) -> String {
        let mut said = String::new();
        if let Some(errors) = &mut self.child.stderr {
            let _ = timeout(Duration::from_secs(5), errors.read_to_string(&mut said)).await;
        }
        last_words(&said)
    }
}
