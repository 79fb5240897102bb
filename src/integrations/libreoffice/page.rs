//! The H5 page that shows a document: fixed files, and `index.html`, which differs with each document.

use std::io;
use std::path::Path;

use serde::Serialize;

use super::animation::Slides;

/// The longer side of a page, in pixels.
pub(super) const PAGE_PIXELS: u32 = 1920;

/// The longer side of a thumbnail, in pixels.
pub(super) const THUMBNAIL_PIXELS: u32 = 240;

/// One page of a document. The file names are relative to `index.html`.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) image: String,
    pub(super) thumbnail: String,
    /// In pixels.
    pub(super) width: u32,
    pub(super) height: u32,
}

/// The data that the script of the page reads.
#[derive(Serialize)]
struct Data<'a> {
    pages: &'a [Page],
    /// Whether the slides can be played with their animations, in a frame of their own.
    animated: bool,
}

/// Writes `index.html` and the files it needs, except the images of the pages.
pub(super) fn write(out: &Path, title: &str, pages: &[Page], slides: Option<&Slides>) -> io::Result<()> {
    // A `<` could close the element that contains the JSON.
    let data = serde_json::to_string(&Data { pages, animated: slides.is_some() })?.replace('<', "\\u003c");
    let first = pages.first().map(|page| page.image.as_str()).unwrap_or_default();
    // The title is inserted last, so that a placeholder in it is not replaced.
    let index = include_str!("page/index.html")
        .replace("{first}", first)
        .replace("{pages}", &pages.len().to_string())
        .replace("{data}", &data)
        .replace("{title}", &escape(title));
    std::fs::write(out.join("index.html"), index)?;
    std::fs::write(out.join("viewer.css"), include_str!("page/viewer.css"))?;
    std::fs::write(out.join("viewer.js"), include_str!("page/viewer.js"))?;
    let Some(slides) = slides else { return Ok(()) };
    std::fs::write(out.join("slides.xhtml"), &slides.markup)?;
    std::fs::write(out.join("slides.js"), &slides.script)?;
    std::fs::write(out.join("steps.js"), include_str!("page/steps.js"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
