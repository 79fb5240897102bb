//! Runs LibreOffice: turns a document into a PDF, or a presentation into an SVG with its animations.

use super::failure::fault;
use crate::domain::content::conversion::ConversionFailure;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::format::{Office, Program};
use crate::integrations::sandbox::{Sandbox, Scratch};

/// The user profile that each conversion starts with.
const PROFILE: &str = include_str!("office/registrymodifications.xcu");

/// Writes `/out/document.pdf` with at most `pages` + 1 pages, which is enough to see that there are too many.
pub(super) async fn to_pdf(
    sandbox: &Sandbox,
    scratch: &Scratch,
    soffice: &Path,
    office: Office,
    pages: u32,
) -> Result<PathBuf, ConversionFailure> {
    let filter = match office.program {
        Program::Writer => "writer_pdf_Export",
        Program::Calc => "calc_pdf_Export",
        Program::Impress => "impress_pdf_Export",
    };
    let range = format!("1-{}", pages.saturating_add(1));
    let target = format!(r#"pdf:{filter}:{{"PageRange":{{"type":"string","value":"{range}"}}}}"#);
    convert(sandbox, scratch, soffice, office, &target).await
}

/// Writes `/out/document.svg` with all slides and a script that plays them.
pub(super) async fn to_svg(
    sandbox: &Sandbox,
    scratch: &Scratch,
    soffice: &Path,
    office: Office,
) -> Result<PathBuf, ConversionFailure> {
    convert(sandbox, scratch, soffice, office, "svg:impress_svg_Export").await
}

async fn convert(
    sandbox: &Sandbox,
    scratch: &Scratch,
    soffice: &Path,
    office: Office,
    target: &str,
) -> Result<PathBuf, ConversionFailure> {
    prepare(scratch).map_err(fault)?;
    let filter = format!("--infilter={}", office.filter);
    let document = format!("/in/document.{}", office.extension);
    let arguments = [
        "-env:UserInstallation=file:///home/profile",
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nofirststartwizard",
        "--nolockcheck",
        &filter,
        "--convert-to",
        target,
        "--outdir",
        "/out",
        &document,
    ];
    let finished = sandbox.run(scratch, soffice, &arguments.map(OsStr::new)).await?;
    // LibreOffice exits with 0 even when it could not read the document.
    let extension = target.split(':').next().unwrap_or(target);
    let written = scratch.written(&format!("document.{extension}")).filter(|_| finished.succeeded);
    if let Some(written) = written {
        return Ok(written);
    }
    log::info!("LibreOffice wrote no file for a document: {}", finished.errors.trim());
    Err(ConversionFailure::Damaged)
}

/// Creates a new user profile, so that nothing of an earlier conversion is left.
fn prepare(scratch: &Scratch) -> std::io::Result<()> {
    let user = scratch.new_home()?.join("profile/user");
    std::fs::create_dir_all(&user)?;
    std::fs::write(user.join("registrymodifications.xcu"), PROFILE)
}
