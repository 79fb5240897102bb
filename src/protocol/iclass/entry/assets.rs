//! The files of the classroom page, which `make web` builds and which are a part of the program. Their names contain a hash of their
//! content, so that browsers keep them for ever.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use actix_web::http::header::{
    self, AcceptEncoding, CacheControl, CacheDirective, ContentEncoding, ETag, Encoding, EntityTag, Header, IfNoneMatch,
};
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse, route};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::domain::tenancy::secret;
use crate::http::page_policy;

/// How long browsers keep a file: a year, the customary value for what never changes.
const KEPT_SECONDS: u32 = 31_536_000;

/// What the build wrote.
#[derive(RustEmbed)]
#[folder = "web/classroom/dist"]
struct Built;

/// The page, with places for the root of the service and for the class.
pub(super) fn page() -> Option<String> {
    let file = Built::get("index.html")?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// Serves a file of the page, compressed if the browser takes that.
#[route("/assets/classroom/{name}", method = "GET", method = "HEAD")]
pub async fn asset(name: Path<String>, request: HttpRequest) -> HttpResponse {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let found = if is_name { Built::get(&format!("assets/{name}")) } else { None };
    let Some(file) = found else { return HttpResponse::NotFound().finish() };
    let kind = mime_guess::from_path(name.as_str()).first_or_octet_stream();
    let is_text = kind.type_() == "text" || matches!(kind.subtype().as_str(), "javascript" | "json" | "svg");
    let compressed = is_text && takes_gzip(&request);
    let tag = secret::hex(&file.metadata.sha256_hash()) + if compressed { "-gzip" } else { "" };
    let tag = EntityTag::new_strong(tag);
    let is_known = matches!(IfNoneMatch::parse(&request), Ok(IfNoneMatch::Items(known)) if known.iter().any(|one| one.weak_eq(&tag)));

    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    let immutable = CacheDirective::Extension("immutable".into(), None);
    response
        .insert_header(CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(KEPT_SECONDS), immutable]))
        .insert_header(ETag(tag))
        .insert_header((header::VARY, header::ACCEPT_ENCODING.as_str()));
    for header in page_policy::headers("default-src 'none'", None) {
        response.insert_header(header);
    }
    if is_known {
        return response.finish();
    }
    let charset = if is_text { "; charset=utf-8" } else { "" };
    response.content_type(format!("{kind}{charset}"));
    if compressed {
        return response.insert_header(ContentEncoding::Gzip).body(gzip(&file));
    }
    response.body(file.data.into_owned())
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let accepted = AcceptEncoding::parse(request).ok();
    let offered = [Encoding::gzip(), Encoding::identity()];
    accepted.and_then(|accepted| accepted.negotiate(offered.iter())) == Some(Encoding::gzip())
}

/// The compressed content. Each file is compressed once.
fn gzip(file: &EmbeddedFile) -> Bytes {
    static COMPRESSED: LazyLock<Mutex<HashMap<[u8; 32], Bytes>>> = LazyLock::new(Mutex::default);
    let mut all = COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner);
    all.entry(file.metadata.sha256_hash()).or_insert_with(|| compress(&file.data)).clone()
}

fn compress(content: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default().into()
}
