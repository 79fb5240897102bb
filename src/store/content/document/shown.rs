//! Documents as those inside a class see them.

use serde::{Deserialize, Serialize};

use crate::store::events::failure::FailureKind;
use crate::store::events::payload::TranscodeStatus;

/// The images of the pages of a converted document. The names are relative to the page that shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFiles {
    /// The image of each page.
    pub images: Vec<String>,
    /// The thumbnail of each page.
    pub thumbnails: Vec<String>,
    /// Whether the page that shows it plays animations.
    pub is_animated: bool,
}

/// A document with the state of its conversion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Document")]
pub struct ShownDocument {
    pub doc_id: String,
    pub doc_name: String,
    pub doc_ext: String,
    pub doc_size: i64,
    pub status: TranscodeStatus,
    /// The progress of the conversion, in percent.
    pub progress: i64,
    pub failure: Option<FailureKind>,
    pub message: String,
    /// The stored address of the page that shows the converted document.
    pub result: String,
    pub pages: i64,
    pub width: i64,
    pub height: i64,
    pub page_files: Option<PageFiles>,
}
