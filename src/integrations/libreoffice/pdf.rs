//! Runs poppler: counts the pages of a PDF and draws each of them.

use crate::domain::content::conversion::ConversionFailure;
use std::ffi::OsStr;
use std::path::Path;

use super::blocking::blocking;
use super::failure::fault;
use super::page::{PAGE_PIXELS, Page};
use super::picture;
use crate::integrations::sandbox::{Sandbox, Scratch};

/// How many pages one run of the program draws.
const BATCH: u32 = 10;

/// The name of the PDF in `/in`.
pub(super) const NAME: &str = "document.pdf";

/// The properties of a PDF.
pub(super) struct Info {
    pub(super) pages: u32,
    /// The title; empty for none.
    pub(super) title: String,
}

/// Reads the number of pages and the title.
pub(super) async fn info(sandbox: &Sandbox, scratch: &Scratch) -> Result<Info, ConversionFailure> {
    let arguments = ["-enc", "UTF-8", "/in/document.pdf"].map(OsStr::new);
    let finished = sandbox.run(scratch, Path::new("/usr/bin/pdfinfo"), &arguments).await?;
    if !finished.succeeded {
        let locked = finished.errors.contains("Incorrect password");
        return Err(if locked { ConversionFailure::Encrypted } else { ConversionFailure::Damaged });
    }
    let value = |name: &str| finished.output.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let pages = value("Pages:").and_then(|pages| pages.parse().ok()).filter(|pages| *pages > 0);
    let title = value("Title:").unwrap_or_default().to_owned();
    pages.map(|pages| Info { pages, title }).ok_or(ConversionFailure::Damaged)
}

/// Draws all pages in order, each with a thumbnail. Calls `done` after each batch with the number of drawn pages.
pub(super) async fn draw(
    sandbox: &Sandbox,
    scratch: &Scratch,
    pages: u32,
    done: impl Fn(u32),
) -> Result<Vec<Page>, ConversionFailure> {
    let mut drawn = Vec::new();
    for first in (1..=pages).step_by(BATCH as usize) {
        let last = pages.min(first.saturating_add(BATCH - 1));
        draw_range(sandbox, scratch, first, last).await?;
        for number in first..=last {
            drawn.push(take(scratch, number).await?);
        }
        done(last);
    }
    Ok(drawn)
}

/// Draws pages without compressing them: to compress a page as PNG, poppler needs five times as long as to draw it.
async fn draw_range(sandbox: &Sandbox, scratch: &Scratch, first: u32, last: u32) -> Result<(), ConversionFailure> {
    let (first, last, pixels) = (first.to_string(), last.to_string(), PAGE_PIXELS.to_string());
    let arguments = [
        "-tiff",
        "-tiffcompression",
        "none",
        "-cropbox",
        "-f",
        &first,
        "-l",
        &last,
        "-scale-to",
        &pixels,
        "/in/document.pdf",
        "/out/page",
    ]
    .map(OsStr::new);
    let finished = sandbox.run(scratch, Path::new("/usr/bin/pdftocairo"), &arguments).await?;
    if finished.crashed || !finished.succeeded {
        log::info!("pdftocairo failed on a document: {}", finished.errors.lines().next().unwrap_or_default());
    }
    Ok(())
}

/// Encodes a drawn page and its thumbnail into the result, and removes what was drawn.
async fn take(scratch: &Scratch, number: u32) -> Result<Page, ConversionFailure> {
    // poppler pads the number to the digits of the last page.
    let drawn = (1..=8).find_map(|digits| scratch.written(&format!("page-{number:0digits$}.tif")));
    let (drawn, result) = (drawn.ok_or(ConversionFailure::DamagedPage { page: number })?, scratch.result());
    blocking(move || {
        let page = picture::encode(&drawn, number, &result).map_err(|failure| match failure {
            ConversionFailure::DamagedImage => ConversionFailure::DamagedPage { page: number },
            other => other,
        })?;
        std::fs::remove_file(drawn).map_err(fault)?;
        Ok(page)
    })
    .await
}
