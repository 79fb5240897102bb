//! The page of a call: its body to edit, its fields, and what was answered.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::byte_serialize;

use super::describe::Field;
use super::known::{Call, Calls};
use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::Frame;
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::Enterprise;

#[derive(Template)]
#[template(path = "console/calls.html")]
struct CallsPage<'a> {
    frame: Frame,
    /// The path of the page.
    base: String,
    groups: Vec<Group<'a>>,
    path: &'a str,
    /// The path in a query.
    query: String,
    summary: &'a str,
    fields: &'a [Field],
    body: String,
    /// How many lines of the body are seen.
    rows: usize,
    deletes: bool,
    problem: Option<&'static str>,
    exchange: Option<Exchange>,
}

/// Calls about one thing.
struct Group<'a> {
    name: &'a str,
    calls: Vec<Choosable<'a>>,
}

/// A call to choose.
struct Choosable<'a> {
    path: &'a str,
    summary: &'a str,
    is_chosen: bool,
}

/// A call that was made.
pub(super) struct Exchange {
    pub(super) url: String,
    pub(super) sent: String,
    /// The HTTP status; empty without an answer.
    pub(super) status: String,
    pub(super) answer: String,
    pub(super) is_good: bool,
    pub(super) curl: String,
}

/// Shows a call; the first one if none is chosen.
pub(super) async fn show(
    signed: Signed,
    sdkappid: Path<i64>,
    calls: Data<Calls>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    signed.check(Action::Change)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let fields = Fields::parse(request.query_string().as_bytes());
    let chosen = match fields.get("call") {
        "" => calls.calls.first(),
        path => calls.find(path),
    };
    let call = chosen.ok_or(Problem::NotFound)?;
    let body = call.described.example.clone();
    answer(&signed, &enterprise, &calls, (call, body), StatusCode::OK, None, None)
}

/// Answers with the page of a call.
pub(super) fn answer(
    signed: &Signed,
    enterprise: &Enterprise,
    calls: &Calls,
    (call, body): (&Call, String),
    status: StatusCode,
    problem: Option<&'static str>,
    exchange: Option<Exchange>,
) -> Result<HttpResponse, Problem> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in &calls.calls {
        let (path, summary) = (one.path.as_str(), one.described.summary.as_str());
        let option = Choosable { path, summary, is_chosen: path == call.path };
        match groups.last_mut().filter(|group| group.name == one.described.group) {
            Some(group) => group.calls.push(option),
            None => groups.push(Group { name: &one.described.group, calls: vec![option] }),
        }
    }
    let page = CallsPage {
        frame: Frame::of_enterprise(signed, enterprise, signed.words().calls),
        base: format!("{}/e/{}/calls", signed.root, enterprise.sdkappid),
        groups,
        path: &call.path,
        query: byte_serialize(call.path.as_bytes()).collect(),
        summary: &call.described.summary,
        fields: &call.described.fields,
        rows: body.lines().count().clamp(5, 20),
        body,
        deletes: call.how.deletes,
        problem,
        exchange,
    };
    page::show(status, &page)
}
