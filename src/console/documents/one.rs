//! One document: what became of its conversion, and its pages.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::byte_serialize;

use super::state;
use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::{Frame, web_address};
use crate::console::problem::Problem;
use crate::console::size::bytes;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::content::document;
use crate::domain::content::document::{Document, Permission};
use crate::domain::content::file::Address;
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::state::AppState;

/// How many pages are shown.
const PAGES: usize = 200;

#[derive(Template)]
#[template(path = "console/document.html")]
struct DocumentPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    doc_id: String,
    name: String,
    state: (&'static str, &'static str),
    message: String,
    owner: String,
    /// The address of the user who owns it.
    owner_page: String,
    is_private: bool,
    size: String,
    md5: String,
    pages: i64,
    uploaded: Moment,
    /// The address of the original, and that of the converted document.
    original: String,
    result: String,
    /// The addresses of the thumbnails.
    thumbnails: Vec<String>,
    /// Whether the conversion failed and may be tried again.
    may_convert: bool,
    may_change: bool,
}

/// Shows a document.
pub(super) async fn one(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let fields = Fields::parse(request.query_string().as_bytes());
    let doc_id = fields.exactly("id").to_owned();
    let read = move |conn: &mut Conn| Ok::<_, domain::Error>(document::find(conn, enterprise_id, &doc_id)?);
    let document = signed.app.db.read(read).await?.ok_or(Problem::NotFound)?;
    let name = state::full_name(&document);
    let notice = (fields.get("done") == "convert").then(|| words.done_convert.to_owned());
    let owner: String = byte_serialize(document.owner.as_bytes()).collect();
    let page = DocumentPage {
        frame: Frame::of_enterprise(&signed, &enterprise, &name).noting(notice),
        base: format!("{}/e/{}/documents", signed.root, enterprise.sdkappid),
        owner_page: format!("{}/e/{}/users/one?id={owner}", signed.root, enterprise.sdkappid),
        name,
        state: state::label(words, &document),
        is_private: document.permission == Permission::Private,
        size: if document.doc_size > 0 { bytes(document.doc_size) } else { String::new() },
        pages: document.pages,
        uploaded: Moment(document.upload_time),
        original: web_address(signed.app.address(&enterprise, &document.doc_url)),
        result: web_address(signed.app.address(&enterprise, &document.transcode_result)),
        thumbnails: thumbnails(&signed.app, &enterprise, &document),
        may_convert: signed.may_change() && document.transcode_failure.is_some(),
        may_change: signed.may_change(),
        doc_id: document.doc_id,
        message: document.transcode_msg,
        owner: document.owner,
        md5: document.doc_md5,
    };
    page::show(StatusCode::OK, &page)
}

fn thumbnails(app: &AppState, enterprise: &Enterprise, document: &Document) -> Vec<String> {
    let stored = Address::stored(&document.transcode_result);
    let Some((result, files)) = stored.zip(document.page_files.as_ref()) else { return Vec::new() };
    let link = |name: &String| app.link(enterprise, &Address::new(result.key().clone(), name));
    files.thumbnails.iter().take(PAGES).map(link).collect()
}
