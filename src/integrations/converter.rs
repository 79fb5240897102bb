//! What a converter of documents is: it turns a document into pages, and an H5 page that shows them.

use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;

use crate::domain::content::conversion::ConversionFailure;

/// A document to convert.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file, on this machine.
    pub path: PathBuf,
    /// Its name without the extension: the title of a document that has none of its own.
    pub name: String,
    /// The extension that was given, in lower case and without the dot; may be empty.
    pub extension: String,
    /// Whether slides become images, without their animations.
    pub is_static: bool,
}

/// What a document became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// How many pages it has.
    pub pages: i64,
    /// The width of its first page, in pixels.
    pub width: i64,
    /// The height of its first page, in pixels.
    pub height: i64,
    /// The document's own title, or its name.
    pub title: String,
}

/// Called with the progress in percent, which never falls.
pub type Progress<'a> = &'a (dyn Fn(u8) + Send + Sync);

/// A converter.
pub trait Converter: Send + Sync {
    /// Converts a document into files in `out`, an empty folder. `index.html` is the page that shows the document; it refers to
    /// all other files by relative addresses. Dropping the future ends whatever was started.
    fn convert<'a>(
        &'a self,
        source: &'a Source,
        out: &'a Path,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Converted, ConversionFailure>>;

    /// What this machine lacks to convert, for an operator who can install it.
    fn missing(&self) -> Option<String>;
}
