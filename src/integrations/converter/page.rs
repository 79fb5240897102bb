//! The H5 page that shows a document: fixed files, and one with what is different in each document.

use std::io;
use std::path::Path;

use serde::Serialize;

use super::animation::Slides;

/// One page of a document; the names are relative to `index.html`.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) image: String,
    pub(super) thumbnail: String,
    /// In pixels.
    pub(super) width: u32,
    pub(super) height: u32,
}

/// What the script of the page is told.
#[derive(Serialize)]
struct Told<'a> {
    pages: &'a [Page],
    /// Whether the slides can be played, in a frame of their own.
    animated: bool,
}

/// Writes `index.html` and what it needs; the images of the pages are there or come later.
pub(super) fn write(out: &Path, title: &str, pages: &[Page], slides: Option<&Slides>) -> io::Result<()> {
    // `<` would end the element that the text is in.
    let told = serde_json::to_string(&Told { pages, animated: slides.is_some() })?.replace('<', "\\u003c");
    let first = pages.first().map(|page| page.image.as_str()).unwrap_or_default();
    // The title last: whatever it has in it is not looked through again.
    let index = include_str!("page/index.html")
        .replace("{first}", first)
        .replace("{pages}", &pages.len().to_string())
        .replace("{told}", &told)
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
