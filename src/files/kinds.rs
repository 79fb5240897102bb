//! What kind of thing a file is, and what a browser may do with it: nothing that was uploaded runs in a page of ours.

use actix_web::HttpResponseBuilder;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use mime_guess::mime;

use crate::domain::content::file::Kind;

/// Uploads that are shown where they are opened; SVG is not among them, as it has scripts.
const SHOWN: &[&str] = &["bmp", "gif", "jpeg", "jpg", "mp3", "mp4", "pdf", "png", "webm", "webp"];

/// Says what a file is.
pub fn describe(response: &mut HttpResponseBuilder, kind: Kind, name: &str) {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let guessed = mime_guess::from_ext(&extension).first_or_octet_stream();
    // What the converter writes is UTF-8; of what others write nobody knows.
    let charset = if kind == Kind::Conversion && guessed.type_() == mime::TEXT { "; charset=utf-8" } else { "" };
    response.insert_header((CONTENT_TYPE, format!("{}{charset}", guessed.essence_str())));
    response.insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    match kind {
        // The pages have a script of their own, which runs apart from everything of this host.
        Kind::Conversion => {
            response.insert_header((CONTENT_SECURITY_POLICY, "sandbox allow-scripts"));
        }
        // Browsers show a PDF in a viewer that is apart already, and not at all in a sandbox.
        Kind::Upload if extension == "pdf" => {}
        Kind::Upload => {
            response.insert_header((CONTENT_SECURITY_POLICY, "sandbox"));
            if !SHOWN.contains(&extension.as_str()) {
                response.insert_header((CONTENT_DISPOSITION, "attachment"));
            }
        }
    }
}
