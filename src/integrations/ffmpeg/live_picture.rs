//! Decodes what somebody sends now. The latest picture counts, and nothing waits for one.

use std::process::Stdio;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::failure::Failure;
use super::pictures::{Fit, filter};
use super::studio::Studio;
use super::video::Size;

/// How many writes may wait for the program: two seconds of pictures.
const WAITING: usize = 60;

/// A picture that changes. The program ends when this is dropped.
pub struct LivePicture {
    input: mpsc::Sender<Vec<u8>>,
    latest: watch::Receiver<Option<Arc<Vec<u8>>>>,
    task: JoinHandle<()>,
}

impl Studio<'_> {
    /// Begins to decode a Matroska stream with one track.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn decode_live(&self, size: Size, fit: Fit) -> Result<LivePicture, Failure> {
        let filter = filter(size, fit);
        let arguments = [
            "-analyzeduration",
            "500000",
            "-fpsprobesize",
            "0",
            "-threads",
            "1",
            "-f",
            "matroska",
            "-i",
            "pipe:0",
            "-an",
            "-vf",
            &filter,
            "-fps_mode",
            "passthrough",
            "-pix_fmt",
            "yuv420p",
            "-f",
            "rawvideo",
            // A picture is not kept until the next one comes.
            "-flush_packets",
            "1",
            "pipe:1",
        ];
        let mut child = self.spawn(&arguments.map(String::from), [Stdio::piped(), Stdio::piped(), Stdio::null()])?;
        let none = || Failure::Program("it has no streams".to_owned());
        let (stdin, stdout) = (child.stdin.take().ok_or_else(none)?, child.stdout.take().ok_or_else(none)?);
        let (input, written) = mpsc::channel(WAITING);
        let (pictures, latest) = watch::channel(None);
        let task = tokio::spawn(decode((child, stdin, stdout), written, pictures, size.bytes()));
        Ok(LivePicture { input, latest, task })
    }
}

impl LivePicture {
    /// Writes what follows of the stream. Returns whether the program takes it: it may have ended, or be too slow.
    #[must_use]
    pub fn write(&self, bytes: Vec<u8>) -> bool {
        self.input.try_send(bytes).is_ok()
    }

    /// The latest picture, with three planes as in [`Pictures`](super::Pictures); `None` before the first.
    #[must_use]
    pub fn picture(&self) -> Option<Arc<Vec<u8>>> {
        self.latest.borrow().clone()
    }
}

impl Drop for LivePicture {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Writes and reads until one of the two ends. The program is killed then.
async fn decode(
    (_child, mut input, mut output): (Child, ChildStdin, ChildStdout),
    mut written: mpsc::Receiver<Vec<u8>>,
    pictures: watch::Sender<Option<Arc<Vec<u8>>>>,
    bytes: usize,
) {
    let writing = async {
        while let Some(some) = written.recv().await {
            if input.write_all(&some).await.is_err() {
                return;
            }
        }
    };
    let reading = async {
        loop {
            let mut picture = vec![0; bytes];
            if output.read_exact(&mut picture).await.is_err() {
                return;
            }
            pictures.send_replace(Some(Arc::new(picture)));
        }
    };
    tokio::select! {
        () = writing => {}
        () = reading => {}
    }
}
