//! Document conversion: a document becomes pages, and an H5 page that shows them.

mod animation;
mod failure;
mod kind;
mod libreoffice;
mod office;
mod package;
mod page;
mod pdf;
mod picture;
mod sandbox;
mod settings;
mod text;

use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;

use crate::domain::content::conversion::ConversionFailure;

pub use libreoffice::LibreOffice;
pub use settings::Settings;

/// A document to convert.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file, on this machine.
    pub path: PathBuf,
    /// What it is called, without the extension: the title of a document that has none of its own.
    pub name: String,
    /// What it is said to be, in lower case and without the dot; empty when nothing is said.
    pub extension: String,
    /// Whether slides become pictures, without their animations.
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

/// Told how far a conversion is, in percent; never less than before.
pub type Progress<'a> = &'a (dyn Fn(u8) + Send + Sync);

/// A converter.
pub trait Converter: Send + Sync {
    /// Converts a document into files in `out`, a folder that is there and empty: `index.html` is the page that shows it, all
    /// other files are found from there by relative addresses. When the future is dropped, whatever was started is ended.
    fn convert<'a>(
        &'a self,
        source: &'a Source,
        out: &'a Path,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Converted, ConversionFailure>>;

    /// What this machine lacks to convert, in words for an operator who can install it.
    fn missing(&self) -> Option<String>;
}

/// Work that waits for the disk or the processor, off the threads that answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ConversionFailure> + Send + 'static,
) -> Result<T, ConversionFailure> {
    tokio::task::spawn_blocking(work).await.map_err(failure::fault)?
}
