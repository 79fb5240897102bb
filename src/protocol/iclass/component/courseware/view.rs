//! Documents as those inside a class see them, with the addresses of their pages.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::content::document::{ShownDocument, TranscodeStatus};
use crate::domain::content::file::Address;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::conversion::message;
use crate::state::AppState;

/// A document, as events have it.
#[derive(Serialize)]
pub struct DocumentView<'a> {
    doc_id: &'a str,
    doc_name: &'a str,
    doc_ext: &'a str,
    doc_size: i64,
    pages: i64,
    #[serde(flatten)]
    converted: ConvertedView,
}

impl<'a> DocumentView<'a> {
    /// A document with addresses that are valid now.
    pub fn of(app: &AppState, enterprise: &Enterprise, document: &'a ShownDocument) -> Self {
        Self {
            doc_id: &document.doc_id,
            doc_name: &document.doc_name,
            doc_ext: &document.doc_ext,
            doc_size: document.doc_size,
            pages: document.pages,
            converted: ConvertedView::of(app, enterprise, document),
        }
    }
}

/// What became of a document.
#[derive(Serialize, ToSchema)]
pub struct ConvertedView {
    /// The state of the conversion
    state: DocumentState,
    /// The progress of the conversion, in percent
    progress: i64,
    /// Why the conversion failed; empty if it did not
    failure: String,
    /// The width of the first page in pixels; 0 before the conversion
    width: i64,
    /// The height of the first page in pixels; 0 before the conversion
    height: i64,
    /// The media type of the original, by its extension; empty if it is unknown
    media: String,
    /// The address of the image of each page
    images: Vec<String>,
    /// The address of the thumbnail of each page
    thumbnails: Vec<String>,
    /// The address of the H5 page of an animated document; empty if it is not animated
    html: String,
}

/// The state of the conversion of a document.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DocumentState {
    /// It is not converted.
    None,
    /// It waits.
    Pending,
    /// It is being converted.
    Converting,
    /// Its pages can be shown.
    Ready,
    /// The conversion failed.
    Failed,
}

impl DocumentState {
    fn of(document: &ShownDocument) -> Self {
        match document.status {
            TranscodeStatus::None => Self::None,
            TranscodeStatus::Queued => Self::Pending,
            TranscodeStatus::Processing => Self::Converting,
            TranscodeStatus::Finished if document.failure.is_some() => Self::Failed,
            TranscodeStatus::Finished => Self::Ready,
        }
    }
}

impl ConvertedView {
    /// What became of a document, with addresses that are valid now.
    pub fn of(app: &AppState, enterprise: &Enterprise, document: &ShownDocument) -> Self {
        let result = Address::stored(&document.result);
        let links = |names: &[String]| -> Vec<String> {
            let link = |name: &String| Some(app.link(enterprise, &Address::new(result.as_ref()?.key().clone(), name)));
            names.iter().filter_map(link).collect()
        };
        // A document that an earlier version converted has no list of its images; its page shows them.
        let has_page = document.page_files.as_ref().is_none_or(|files| files.is_animated);
        let files = document.page_files.as_ref();
        let type_of = |extension: &str| mime_guess::from_ext(extension.trim_start_matches('.')).first_raw();
        Self {
            state: DocumentState::of(document),
            progress: document.progress,
            failure: message(document.failure, &document.message).into_owned(),
            width: document.width,
            height: document.height,
            media: type_of(&document.doc_ext).unwrap_or_default().to_owned(),
            images: files.map(|files| links(&files.images)).unwrap_or_default(),
            thumbnails: files.map(|files| links(&files.thumbnails)).unwrap_or_default(),
            html: if has_page { app.address(enterprise, &document.result) } else { String::new() },
        }
    }
}
