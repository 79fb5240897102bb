//! The list of documents.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::state;
use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::Frame;
use crate::console::problem::Problem;
use crate::console::size::bytes;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::content::document;
use crate::domain::content::document::{Document, Filter};
use crate::domain::tenancy::console::Action;
use crate::store::{Page, Start};

/// How many documents a page shows.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "console/documents.html")]
struct ListPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    search: String,
    owner: String,
    /// The search in a query.
    query: String,
    total: i64,
    rows: Vec<Row>,
    next: Option<i64>,
    is_first: bool,
}

struct Row {
    /// The `doc_id` in a query.
    query: String,
    name: String,
    owner: String,
    state: (&'static str, &'static str),
    pages: i64,
    size: String,
    uploaded: Moment,
}

/// Shows a page of the list, in the order of uploads.
pub(super) async fn list(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let fields = Fields::parse(request.query_string().as_bytes());
    let (search, owner) = (fields.get("search").to_owned(), fields.get("owner").to_owned());
    let after: Option<i64> = fields.get("after").parse().ok();
    let wanted_owner = (!owner.is_empty()).then(|| owner.clone());
    let filter = Filter { prefix: search.clone(), owner: wanted_owner, ..Filter::default() };
    let page = Page { start: Start::After(after), size: ROWS };
    let read = move |conn: &mut Conn| Ok::<_, domain::Error>(document::list(conn, enterprise_id, &filter, page)?);
    let found = signed.app.db.read_slow(read).await?;
    let row = |document: Document| Row {
        query: byte_serialize(document.doc_id.as_bytes()).collect(),
        name: state::full_name(&document),
        state: state::label(words, &document),
        owner: document.owner,
        pages: document.pages,
        size: if document.doc_size > 0 { bytes(document.doc_size) } else { String::new() },
        uploaded: Moment(document.upload_time),
    };
    let notice = (fields.get("done") == "deleted").then(|| words.done_document_deleted.to_owned());
    let query = Serializer::new(String::new()).append_pair("search", &search).append_pair("owner", &owner).finish();
    let page = ListPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.documents).noting(notice),
        base: format!("{}/e/{}/documents", signed.root, enterprise.sdkappid),
        search,
        owner,
        query,
        total: found.total,
        next: found.next,
        rows: found.rows.into_iter().map(row).collect(),
        is_first: after.is_none(),
    };
    page::show(StatusCode::OK, &page)
}
