//! Decodes a video into pictures of one size, at a steady pace.

use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdout};
use tokio::time::timeout;

use super::failure::Failure;
use super::studio::Studio;
use super::video::{RATE, Size};

/// How a picture fills its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is seen whole, with black beside it.
    Inside,
    /// It fills the place, and what is beyond is cut off.
    Cover,
}

/// The pictures of a video, one after the other. A picture has three planes: Y, and U and V of half the width and height.
pub struct Pictures {
    output: ChildStdout,
    picture: Vec<u8>,
    next: Vec<u8>,
    is_over: bool,
    patience: std::time::Duration,
    _child: Child,
}

impl Studio<'_> {
    /// Begins to decode a file of the folder that programs read.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn decode(&self, name: &str, size: Size, fit: Fit) -> Result<Pictures, Failure> {
        // The rate is set by the filter: at the output, the program would leave pictures out only when they are late.
        let filter = format!("{},fps={RATE}", filter(size, fit));
        let input = format!("/in/{name}");
        let rate = RATE.to_string();
        let arguments = [
            "-threads",
            "1",
            "-i",
            &input,
            "-an",
            "-vf",
            &filter,
            "-r",
            &rate,
            "-fps_mode",
            "cfr",
            "-pix_fmt",
            "yuv420p",
            "-f",
            "rawvideo",
            "pipe:1",
        ];
        let arguments = arguments.map(String::from);
        let mut child = self.spawn(&arguments, [Stdio::null(), Stdio::piped(), Stdio::null()])?;
        let output = child.stdout.take().ok_or_else(|| Failure::Program("it has no output".to_owned()))?;
        let bytes = size.bytes();
        let patience = self.ffmpeg.settings.patience;
        Ok(Pictures { output, picture: Vec::new(), next: vec![0; bytes], is_over: false, patience, _child: child })
    }
}

/// The filter that makes pictures of this size.
pub(super) fn filter(Size { width, height }: Size, fit: Fit) -> String {
    match fit {
        Fit::Inside => format!(
            "scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:(ow-iw)/2:(oh-ih)/2"
        ),
        Fit::Cover => format!("scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height}"),
    }
}

impl Pictures {
    /// Goes on to the next picture. After the last one, that stays.
    ///
    /// # Errors
    /// [`Failure::Hanging`].
    pub async fn advance(&mut self) -> Result<(), Failure> {
        if self.is_over {
            return Ok(());
        }
        let reading = self.output.read_exact(&mut self.next);
        match timeout(self.patience, reading).await.map_err(|_| Failure::Hanging(self.patience))? {
            Ok(_) => {
                self.picture.resize(self.next.len(), 0);
                std::mem::swap(&mut self.picture, &mut self.next);
            }
            // A damaged video ends early.
            Err(_) => self.is_over = true,
        }
        Ok(())
    }

    /// The present picture; `None` before the first.
    #[must_use]
    pub fn picture(&self) -> Option<&[u8]> {
        (!self.picture.is_empty()).then_some(&self.picture)
    }
}
