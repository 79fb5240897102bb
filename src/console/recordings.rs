//! The recordings of an enterprise. The page of a class has its videos.

use actix_web::http::StatusCode;
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::form::Fields;
use super::page;
use super::page::{Choice, Frame};
use super::problem::Problem;
use super::time::Moment;
use super::visit::Signed;
use super::words::Words;
use crate::domain::classroom::overview;
use crate::domain::classroom::overview::{OnlineRecording, RecordingState};
use crate::domain::tenancy::console::Action;

/// How many recordings a page shows.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "console/recordings.html")]
struct ListPage {
    frame: Frame,
    /// The path of the list, and that of the classes.
    base: String,
    classes: String,
    states: Vec<Choice>,
    state: &'static str,
    rows: Vec<Row>,
    /// The id of the last recording, if there are more.
    next: Option<i64>,
    is_first: bool,
}

struct Row {
    class_id: i64,
    state: (&'static str, &'static str),
    begin: Moment,
    end: Option<Moment>,
    message: String,
}

/// Adds the path.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/e/{sdkappid:\\d{1,18}}/recordings", web::get().to(list));
}

/// The text for the state of a recording, and the class of its label.
pub(super) fn label(words: &Words, state: RecordingState) -> (&'static str, &'static str) {
    match state {
        RecordingState::Running => (words.recording_running, "waiting"),
        RecordingState::Paused => (words.recording_paused, "waiting"),
        RecordingState::Collecting | RecordingState::Composing => (words.recording_composing, "waiting"),
        RecordingState::Done => (words.recording_done, "good"),
        RecordingState::Failed => (words.recording_failed, "bad"),
    }
}

/// Shows a page of the list, the newest first.
async fn list(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let fields = Fields::parse(request.query_string().as_bytes());
    let before: Option<i64> = fields.get("before").parse().ok();
    let is_failed = fields.get("state") == "failed";
    let state = is_failed.then_some(RecordingState::Failed);
    let read = move |conn: &mut _| overview::recordings(conn, enterprise_id, state, before, ROWS + 1);
    let mut found = signed.app.db.read_slow(read).await?;
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let has_more = found.len() > shown;
    found.truncate(shown);
    let next = found.last().map(|recording| recording.id).filter(|_| has_more);
    let row = |recording: OnlineRecording| Row {
        class_id: recording.class_id.0,
        state: label(words, recording.state),
        begin: Moment(recording.begin_time),
        end: recording.end_time.map(Moment),
        message: recording.message,
    };
    let states = [("all", words.all, !is_failed), ("failed", words.recording_failed, is_failed)];
    let page = ListPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.recordings),
        base: format!("{}/e/{}/recordings", signed.root, enterprise.sdkappid),
        classes: format!("{}/e/{}/classes", signed.root, enterprise.sdkappid),
        states: states.map(|(value, label, is_chosen)| Choice { value, label, is_chosen }).into(),
        state: if is_failed { "failed" } else { "all" },
        rows: found.into_iter().map(row).collect(),
        next,
        is_first: before.is_none(),
    };
    page::show(StatusCode::OK, &page)
}
