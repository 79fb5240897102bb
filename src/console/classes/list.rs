//! The list of classes: those of today, those that go on, those that are planned, and those that are over.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::asked::Asked;
use super::status;
use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::{Choice, Frame};
use crate::console::problem::Problem;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::classroom::class::{Listed, Status};
use crate::domain::classroom::overview;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::console::Action;

#[derive(Template)]
#[template(path = "console/classes.html")]
struct ListPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    /// The query of the first page.
    query: String,
    states: Vec<Choice>,
    text: Option<String>,
    total: String,
    rows: Vec<Row>,
    /// The query of the next page, and what the link to it says.
    next: Option<(String, &'static str)>,
    is_first: bool,
    /// Whether the page keeps itself up to date.
    is_live: bool,
}

struct Row {
    class_id: i64,
    topic: String,
    teacher: String,
    status: (&'static str, &'static str),
    begin: Moment,
    end: Moment,
    inside: i64,
}

/// Shows a page of the list.
pub(super) async fn list(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id, now) = (signed.words(), enterprise.enterprise_id, signed.app.now());
    let asked = Asked::of(&Fields::parse(request.query_string().as_bytes()));
    let search = asked.clone();
    let read = move |conn: &mut Conn| {
        let found = search.find(conn, enterprise_id, now)?;
        let running = found.rows.iter().filter(|class| class.class_status == Status::Ing);
        let running: Vec<ClassId> = running.map(|class| class.class_id).collect();
        let inside = overview::inside(conn, enterprise_id, &running)?;
        Ok::<_, domain::Error>((found, inside))
    };
    let (found, inside) = signed.app.db.read_slow(read).await?;
    let row = |class: Listed| Row {
        class_id: class.class_id.0,
        topic: class.class_topic,
        teacher: class.teacher_id,
        status: status::label(words, class.class_status),
        begin: Moment(class.start_time),
        end: Moment(class.stop_time),
        inside: inside.get(&class.class_id).copied().unwrap_or_default(),
    };
    let page = ListPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.classes),
        base: format!("{}/e/{}/classes", signed.root, enterprise.sdkappid),
        query: asked.query(),
        states: asked.states(words),
        text: asked.text(words, now),
        total: found.total,
        rows: found.rows.into_iter().map(row).collect(),
        next: found.next.map(|next| (next, asked.further(words))),
        is_first: asked.is_first(),
        is_live: asked.is_first() && asked.goes_on(),
    };
    page::show(StatusCode::OK, &page)
}
