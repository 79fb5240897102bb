//! Runs poppler: counts the pages of a PDF and draws each of them.

use crate::domain::content::conversion::ConversionFailure;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::Path;

use super::blocking::blocking;
use super::page::{PAGE_PIXELS, Page, THUMBNAIL_PIXELS};
use super::picture;
use super::sandbox::{Sandbox, Scratch};

/// How many pages one run of the program draws.
const BATCH: u32 = 10;

/// A page of text and drawings is rarely larger than this as PNG. A larger page is a photograph or a scan.
const DRAWING_BYTES: u64 = 1 << 20;

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
        for (prefix, pixels) in [("page", PAGE_PIXELS), ("thumbnail", THUMBNAIL_PIXELS)] {
            draw_range(sandbox, scratch, first..=last, (prefix, pixels)).await?;
        }
        for number in first..=last {
            let mut page = take(scratch, number)?;
            lighten(scratch, &mut page).await?;
            drawn.push(page);
        }
        done(last);
    }
    Ok(drawn)
}

/// Draws some pages with this longer side, in pixels. The names of the files begin with the prefix.
async fn draw_range(
    sandbox: &Sandbox,
    scratch: &Scratch,
    pages: RangeInclusive<u32>,
    (prefix, pixels): (&str, u32),
) -> Result<(), ConversionFailure> {
    let (first, last) = (pages.start().to_string(), pages.end().to_string());
    let (pixels, target) = (pixels.to_string(), format!("/out/{prefix}"));
    let arguments = ["-png", "-cropbox", "-f", &first, "-l", &last, "-scale-to", &pixels, "/in/document.pdf", &target]
        .map(OsStr::new);
    let finished = sandbox.run(scratch, Path::new("/usr/bin/pdftocairo"), &arguments).await?;
    if finished.crashed || !finished.succeeded {
        log::info!("pdftocairo failed on a document: {}", finished.errors.lines().next().unwrap_or_default());
    }
    Ok(())
}

/// Moves a drawn page and its thumbnail to the result.
fn take(scratch: &Scratch, number: u32) -> Result<Page, ConversionFailure> {
    let undrawn = || ConversionFailure::DamagedPage { page: number };
    let image = keep(scratch, "page", number).ok_or_else(undrawn)?;
    let thumbnail = keep(scratch, "thumbnail", number).ok_or_else(undrawn)?;
    let (width, height) = image::image_dimensions(scratch.result().join(&image)).map_err(|_| undrawn())?;
    Ok(Page { image, thumbnail, width, height })
}

/// Converts a page to JPEG if it is large as PNG.
async fn lighten(scratch: &Scratch, page: &mut Page) -> Result<(), ConversionFailure> {
    let path = scratch.result().join(&page.image);
    if path.metadata().is_ok_and(|found| found.len() <= DRAWING_BYTES) {
        return Ok(());
    }
    blocking(move || picture::to_photograph(&path)).await?;
    page.image = page.image.replace(".png", ".jpg");
    Ok(())
}

/// Moves `page-007.png` to `pages/7.png`: poppler pads the number to the digits of the last page.
fn keep(scratch: &Scratch, prefix: &str, number: u32) -> Option<String> {
    let from = (1..=8).find_map(|digits| scratch.written(&format!("{prefix}-{number:0digits$}.png")))?;
    let name = format!("{prefix}s/{number}.png");
    let to = scratch.result().join(&name);
    std::fs::create_dir_all(to.parent()?).ok()?;
    std::fs::rename(from, to).ok()?;
    Some(name)
}
