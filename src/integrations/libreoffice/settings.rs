//! The settings of the converter: the program it runs, its work folder, and the limits of a document.

use std::path::PathBuf;
use std::time::Duration;

use crate::integrations::sandbox::Limits;

/// The settings of a [`LibreOffice`](super::LibreOffice).
#[derive(Clone, Debug)]
pub struct Settings {
    /// LibreOffice's `soffice`: a path, or a name that is searched in `PATH`.
    pub soffice: PathBuf,
    /// The folder in which each conversion creates a temporary folder. A crash leaves the temporary folders behind; their names
    /// begin with `lectern-convert-`.
    pub work: PathBuf,
    /// How long a whole conversion may take.
    pub time_limit: Duration,
    /// How many bytes of address space one process may use. LibreOffice needs a gigabyte.
    pub memory_limit_bytes: u64,
    /// How many bytes a conversion may use on disk for the document, temporary files and the result.
    pub output_limit_bytes: u64,
    /// How many bytes a compressed document (PPTX, DOCX, ODP …) may have uncompressed.
    pub unpacked_limit_bytes: u64,
    /// How many pages a document may have.
    pub pages_limit: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            soffice: PathBuf::from("soffice"),
            work: std::env::temp_dir(),
            time_limit: Duration::from_mins(5),
            memory_limit_bytes: 4 << 30,
            output_limit_bytes: 2 << 30,
            unpacked_limit_bytes: 1 << 30,
            pages_limit: 500,
        }
    }
}

impl Settings {
    pub(super) fn limits(&self) -> Limits {
        let Self { memory_limit_bytes, output_limit_bytes, time_limit, .. } = *self;
        Limits { memory_limit_bytes, output_limit_bytes, processor_seconds: time_limit.as_secs().saturating_add(1) }
    }
}
