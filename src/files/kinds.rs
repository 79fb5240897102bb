//! Content type and security headers of a served file. No uploaded script may run in the origin of this host.

use actix_web::HttpResponseBuilder;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use mime_guess::mime;

use crate::domain::content::file::Kind;
use crate::http::page_policy;

/// Extensions of uploads that browsers display inline; all others are downloaded. SVG is left out because it may contain scripts.
const INLINE: &[&str] = &["bmp", "gif", "jpeg", "jpg", "mp3", "mp4", "pdf", "png", "webm", "webp"];

/// The page that shows a converted document. The slides are in a frame inside it, whose parent has no origin.
const PAGE: &str = "index.html";

/// Sets the headers of a file: its content type, how far browsers may trust it, and who may embed it.
pub fn describe(response: &mut HttpResponseBuilder, kind: Kind, name: &str, frame_ancestors: Option<&str>) {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let guessed = mime_guess::from_ext(&extension).first_or_octet_stream();
    // The converter writes UTF-8. The encoding of an upload is unknown.
    let charset = if kind == Kind::Conversion && guessed.type_() == mime::TEXT { "; charset=utf-8" } else { "" };
    let essence = match (kind, extension.as_str()) {
        (Kind::Live, _) => "video/mp2t",
        // What is guessed for it is registered nowhere (RFC 4337).
        (_, "m4a") => "audio/mp4",
        _ => guessed.essence_str(),
    };
    response.insert_header((CONTENT_TYPE, format!("{essence}{charset}")));
    let policy = match kind {
        // The converted pages need their own script. The sandbox gives it an origin of its own.
        Kind::Conversion => "sandbox allow-scripts",
        // Browsers isolate their PDF viewer already, and do not open it in a sandbox.
        Kind::Upload if extension == "pdf" => "",
        Kind::Upload | Kind::Recording | Kind::Live => "sandbox",
    };
    if kind == Kind::Upload && !INLINE.contains(&extension.as_str()) {
        response.insert_header((CONTENT_DISPOSITION, "attachment"));
    }
    let is_page = kind == Kind::Upload || name == PAGE;
    for header in page_policy::headers(policy, frame_ancestors.filter(|_| is_page)) {
        response.insert_header(header);
    }
}
