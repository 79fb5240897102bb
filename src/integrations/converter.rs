//! The trait of a document converter, which turns a document into pages and an H5 page that shows them.

use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;

use crate::domain::content::conversion::{ConversionFailure, PageFiles};

/// A document to convert.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file, on this machine.
    pub path: PathBuf,
    /// Its name without the extension. It is the title of a document that has no title.
    pub name: String,
    /// The given extension, in lower case and without the dot; may be empty.
    pub extension: String,
    /// Whether slides become images without animations.
    pub is_static: bool,
}

/// The result of a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The number of pages.
    pub pages: i64,
    /// The width of the first page, in pixels.
    pub width: i64,
    /// The height of the first page, in pixels.
    pub height: i64,
    /// The title of the document, or its name.
    pub title: String,
    /// The images of the pages, and whether `index.html` plays animations.
    pub files: PageFiles,
}

/// Called with the progress in percent. It never decreases.
pub type Progress<'a> = &'a (dyn Fn(u8) + Send + Sync);

/// A document converter.
pub trait Converter: Send + Sync {
    /// Converts a document into files in `out`, an empty folder. `index.html` shows the document and refers to the other files by
    /// relative addresses. Dropping the future stops the conversion.
    fn convert<'a>(
        &'a self,
        source: &'a Source,
        out: &'a Path,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Converted, ConversionFailure>>;

    /// What is not installed on this machine; `None` if documents can be converted. The text is for operators.
    fn missing(&self) -> Option<String>;
}
