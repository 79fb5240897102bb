//! The program, its work folder, and its limits.

use std::path::PathBuf;
use std::time::Duration;

use crate::integrations::sandbox::Limits;

/// The settings of an [`Ffmpeg`](super::Ffmpeg).
#[derive(Clone, Debug)]
pub struct Settings {
    /// `ffmpeg`: a path, or a name that is searched in `PATH`.
    pub program: PathBuf,
    /// The folder in which each recording gets a temporary folder.
    pub work: PathBuf,
    /// How long one run may take that has no other sign of life.
    pub time_limit: Duration,
    /// How long a program may do nothing while it works on pictures.
    pub patience: Duration,
    /// How many bytes of address space one process may use.
    pub memory_limit_bytes: u64,
    /// How many bytes a recording may use on disk: a day of class.
    pub output_limit_bytes: u64,
    /// How much processor time one process may use.
    pub processor_seconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            program: PathBuf::from("ffmpeg"),
            work: std::env::temp_dir(),
            time_limit: Duration::from_hours(2),
            patience: Duration::from_mins(1),
            memory_limit_bytes: 8 << 30,
            output_limit_bytes: 32 << 30,
            processor_seconds: 86_400,
        }
    }
}

impl Settings {
    pub(super) fn limits(&self) -> Limits {
        let Self { memory_limit_bytes, output_limit_bytes, processor_seconds, .. } = *self;
        Limits { memory_limit_bytes, output_limit_bytes, processor_seconds }
    }
}
