//! What the converter is told: the program it drives, where it works, and how far a document may go.

use std::path::PathBuf;
use std::time::Duration;

/// What a [`LibreOffice`](super::LibreOffice) is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// LibreOffice's `soffice`: a path, or a name that is looked for in `PATH`.
    pub soffice: PathBuf,
    /// Where each conversion has a folder of its own while it runs. After a crash of this process what is left of it is there,
    /// in folders whose names begin with `lectern-convert-`.
    pub work: PathBuf,
    /// How long a whole conversion may take.
    pub time_limit: Duration,
    /// How much one process of it may ask for, in bytes of address space; LibreOffice needs a gigabyte.
    pub memory_limit_bytes: u64,
    /// How much it may have on the disk: the document, what the programs keep meanwhile, and what comes of it.
    pub output_limit_bytes: u64,
    /// How much a packed document (PPTX, DOCX, ODP …) may be unpacked.
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
