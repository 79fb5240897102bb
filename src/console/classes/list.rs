//! The list of classes: those that go on, those that are planned, and those that are over.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::status;
use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::{Choice, Frame};
use crate::console::problem::Problem;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::classroom::class::{Filter, Status};
use crate::domain::classroom::{class, overview};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::console::Action;
use crate::store::{Page, Start};

/// How many classes a page shows.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "console/classes.html")]
struct ListPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    state: String,
    states: Vec<Choice>,
    total: i64,
    rows: Vec<Row>,
    older: Option<i64>,
    is_first: bool,
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
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let fields = Fields::parse(request.query_string().as_bytes());
    let state = match fields.get("state") {
        word @ ("all" | "will" | "end") => word.to_owned(),
        _ => "ing".to_owned(),
    };
    let statuses = match state.as_str() {
        "all" => Vec::new(),
        "will" => vec![Status::Will],
        "end" => vec![Status::End],
        _ => vec![Status::Ing],
    };
    let filter = Filter { statuses, newest_first: true, ..Filter::default() };
    let before: Option<i64> = fields.get("before").parse().ok();
    let page = Page { start: Start::After(before), size: ROWS };
    let read = move |conn: &mut Conn| {
        let classes = class::list(conn, enterprise_id, &filter, page)?;
        let running = classes.rows.iter().filter(|class| class.class_status == Status::Ing);
        let running: Vec<ClassId> = running.map(|class| class.class_id).collect();
        let inside = overview::inside(conn, enterprise_id, &running)?;
        Ok::<_, domain::Error>((classes, inside))
    };
    let (classes, inside) = signed.app.db.read_slow(read).await?;
    let row = |class: class::Listed| Row {
        class_id: class.class_id.0,
        topic: class.class_topic,
        teacher: class.teacher_id,
        status: status::label(words, class.class_status),
        begin: Moment(class.start_time),
        end: Moment(class.stop_time),
        inside: inside.get(&class.class_id).copied().unwrap_or_default(),
    };
    let states =
        [("ing", words.class_running), ("will", words.class_planned), ("end", words.class_over), ("all", words.all)];
    let page = ListPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.classes),
        base: format!("{}/e/{}/classes", signed.root, enterprise.sdkappid),
        states: states.map(|(value, label)| Choice { value, label, is_chosen: value == state }).into(),
        state,
        total: classes.total,
        rows: classes.rows.into_iter().map(row).collect(),
        older: classes.next,
        is_first: before.is_none(),
    };
    page::show(StatusCode::OK, &page)
}
