//! AVIF: libavif's `avifdec` decodes it in the sandbox. Everything else works without that program.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::domain::content::conversion::ConversionFailure;
use crate::integrations::sandbox::{Sandbox, Scratch};

/// The name of the picture in `/in`.
pub(super) const NAME: &str = "picture.avif";

const PROGRAM: &str = "/usr/bin/avifdec";

/// Decodes the picture into a PNG.
pub(super) async fn decode(sandbox: &Sandbox, scratch: &Scratch) -> Result<PathBuf, ConversionFailure> {
    let program = Path::new(PROGRAM);
    if !program.is_file() {
        return Err(ConversionFailure::ConverterIncomplete {
            missing: "AVIF images need avifdec. On Debian and Ubuntu: apt-get install libavif-bin".into(),
        });
    }
    let arguments = ["--jobs", "1", "--depth", "8", "/in/picture.avif", "/out/picture.png"].map(OsStr::new);
    let finished = sandbox.run(scratch, program, &arguments).await?;
    scratch.written("picture.png").filter(|_| finished.succeeded).ok_or(ConversionFailure::DamagedImage)
}
