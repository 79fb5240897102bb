//! The program in its sandbox, and the work on one recording.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::fs::{Mode, OFlags};
use tokio::process::Child;
use tokio::time::timeout;

use super::failure::{Failure, last_words};
use super::settings::Settings;
use crate::integrations::sandbox;
use crate::integrations::sandbox::{Sandbox, Scratch};

/// How to install what is needed on Debian.
const INSTALL: &str = "apt-get install --no-install-recommends ffmpeg bubblewrap util-linux";

/// How many bytes of a file are read into memory at most.
const LARGEST_READ: u64 = 16 << 20;

/// Runs `ffmpeg`.
pub struct Ffmpeg {
    pub(super) settings: Settings,
    program: Option<PathBuf>,
    sandbox: Sandbox,
    missing: Option<String>,
}

/// The work on one recording: a folder that only its programs see. It is removed on drop.
pub struct Studio<'a> {
    pub(super) ffmpeg: &'a Ffmpeg,
    scratch: Scratch,
}

impl Ffmpeg {
    /// Searches for the required programs. [`Ffmpeg::missing`] returns those that were not found.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let program = sandbox::find(&settings.program).and_then(|path| path.canonicalize().ok());
        let sandbox = Sandbox::new(settings.limits(), program.as_deref());
        let missing = missing(program.as_deref(), &sandbox);
        Self { settings, program, sandbox, missing }
    }

    /// What is not installed on this machine; `None` if videos can be made. The text is for operators.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        self.missing.clone()
    }

    /// Begins the work on a recording.
    ///
    /// # Errors
    /// [`Failure::Io`].
    pub fn open(&self) -> Result<Studio<'_>, Failure> {
        Ok(Studio { ffmpeg: self, scratch: Scratch::new(&self.settings.work)? })
    }
}

impl Studio<'_> {
    /// The folder that programs read.
    #[must_use]
    pub fn input(&self) -> PathBuf {
        self.scratch.input()
    }

    /// Moves a file that a program wrote into a folder. Returns its size.
    ///
    /// # Errors
    /// [`Failure::Program`] when it did not write it.
    pub async fn take(&self, name: &str, to: &Path) -> Result<u64, Failure> {
        let written = self.scratch.written(name).ok_or_else(|| Failure::Program(format!("{name} was not written")))?;
        let target = to.join(name);
        if tokio::fs::rename(&written, &target).await.is_err() {
            tokio::fs::copy(&written, &target).await?;
            tokio::fs::remove_file(&written).await?;
        }
        Ok(tokio::fs::metadata(&target).await?.len())
    }

    /// Reads a file that a program wrote, and removes it.
    ///
    /// # Errors
    /// [`Failure::Program`] when it did not write it, [`Failure::TooLarge`] when it has more than 16 MiB.
    pub async fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        let path = self.scratch.written(name).ok_or_else(|| Failure::Program(format!("{name} was not written")))?;
        let read = move || {
            // The program still runs, and could put a link there that leads anywhere.
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let mut bytes = Vec::new();
            let file = std::fs::File::from(rustix::fs::open(&path, flags, Mode::empty())?);
            file.take(LARGEST_READ + 1).read_to_end(&mut bytes)?;
            std::fs::remove_file(&path)?;
            Ok::<_, std::io::Error>(bytes)
        };
        let bytes = tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)??;
        if bytes.len() as u64 > LARGEST_READ { Err(Failure::TooLarge) } else { Ok(bytes) }
    }

    /// How many bytes the folder has on the disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.scratch.bytes()
    }

    /// Runs the program to its end.
    pub(super) async fn run(&self, arguments: &[String]) -> Result<(), Failure> {
        let program = self.program()?;
        let arguments: Vec<&OsStr> = FIRST.iter().map(OsStr::new).chain(arguments.iter().map(OsStr::new)).collect();
        let limit = self.ffmpeg.settings.time_limit;
        let running = self.ffmpeg.sandbox.run(&self.scratch, program, &arguments);
        let finished = timeout(limit, running).await.map_err(|_| Failure::Hanging(limit))??;
        if finished.succeeded { Ok(()) } else { Err(Failure::Program(last_words(&finished.errors))) }
    }

    /// Starts the program. It is killed when the child is dropped.
    pub(super) fn spawn(&self, arguments: &[String], [input, output, errors]: [Stdio; 3]) -> Result<Child, Failure> {
        let program = self.program()?;
        let arguments: Vec<&OsStr> = FIRST.iter().map(OsStr::new).chain(arguments.iter().map(OsStr::new)).collect();
        Ok(self.ffmpeg.sandbox.spawn(&self.scratch, program, &arguments, [input, output, errors])?)
    }

    fn program(&self) -> Result<&Path, Failure> {
        self.ffmpeg.program.as_deref().ok_or_else(|| Failure::Program("it is not installed".to_owned()))
    }
}

/// The arguments of every run.
const FIRST: [&str; 5] = ["-hide_banner", "-nostdin", "-y", "-loglevel", "error"];

fn missing(program: Option<&Path>, sandbox: &Sandbox) -> Option<String> {
    let mut absent: Vec<&str> =
        ["bwrap", "prlimit"].into_iter().filter(|name| sandbox::find(Path::new(name)).is_none()).collect();
    if program.is_none() {
        absent.push("ffmpeg");
    }
    if !absent.is_empty() {
        return Some(format!("missing: {}. On Debian and Ubuntu: {INSTALL}", absent.join(", ")));
    }
    sandbox.try_out().err().map(|problem| format!("bwrap can't make a sandbox here ({problem})."))
}
