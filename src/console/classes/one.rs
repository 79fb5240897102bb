//! One class: who is inside, what happened, and its recordings.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use url::form_urlencoded::byte_serialize;

use super::status;
use super::timeline;
use super::timeline::Entry;
use crate::console::page;
use crate::console::page::{Frame, web_address};
use crate::console::problem::Problem;
use crate::console::recordings;
use crate::console::size::bytes;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::console::words::{Language, Words, fill};
use crate::domain::classroom::class::{EndReason, Status};
use crate::domain::classroom::overview;
use crate::domain::classroom::overview::{OnlineRecording, Recording, RecordingState};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "console/class.html")]
struct ClassPage {
    frame: Frame,
    /// The path of the list, and that of the users.
    base: String,
    users: String,
    class_id: i64,
    topic: String,
    status: (&'static str, &'static str),
    teacher: String,
    assistant: String,
    begin: Moment,
    end: Moment,
    began: Option<Moment>,
    ended: Option<Moment>,
    end_reason: &'static str,
    inside_total: i64,
    inside: Vec<Person>,
    timeline: Vec<Entry>,
    recordings: Vec<RecordingRow>,
    videos: Vec<VideoRow>,
    is_running: bool,
    may_change: bool,
}

struct Person {
    user_id: String,
    /// The `user_id` in a query.
    query: String,
    nickname: String,
    role: &'static str,
    since: Moment,
    seen: Moment,
}

struct RecordingRow {
    task_id: String,
    state: (&'static str, &'static str),
    begin: Moment,
    end: Option<Moment>,
    message: String,
    is_failed: bool,
}

struct VideoRow {
    begin: Moment,
    /// In minutes and seconds.
    length: String,
    size: String,
    /// The address; empty for one that no page may link to.
    address: String,
}

impl VideoRow {
    fn new(video: &Recording, app: &AppState, enterprise: &Enterprise) -> Self {
        Self {
            begin: Moment(video.start_time.saturating_mul(1_000)),
            length: format!("{}:{:02}", video.duration / 60, video.duration % 60),
            size: bytes(video.video_size),
            address: web_address(app.address(enterprise, &video.video_url)),
        }
    }
}

impl RecordingRow {
    fn new(recording: OnlineRecording, words: &Words) -> Self {
        Self {
            state: recordings::label(words, recording.state),
            begin: Moment(recording.begin_time),
            end: recording.end_time.map(Moment),
            is_failed: recording.state == RecordingState::Failed,
            message: recording.message,
            task_id: recording.task_id,
        }
    }
}

/// Shows a class.
pub(super) async fn one(signed: Signed, path: Path<(i64, i64)>) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let (sdkappid, class_id) = (path.0, ClassId(path.1));
    let enterprise = signed.enterprise(sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let found = signed.app.db.read_slow(move |conn| overview::of_class(conn, enterprise_id, class_id)).await?;
    let timeline = timeline::of(&found, signed.language);
    let videos = found.videos.iter().map(|video| VideoRow::new(video, &signed.app, &enterprise)).collect();
    let class = found.class;
    let person = |(session, user): (overview::Session, crate::domain::tenancy::user::User)| Person {
        query: byte_serialize(user.user_id.as_bytes()).collect(),
        user_id: user.user_id,
        nickname: user.nickname,
        role: session.role.as_str(),
        since: Moment(session.enter_time),
        seen: Moment(session.last_seen),
    };
    let topic = if class.class_topic.is_empty() { class_id.to_string() } else { class.class_topic };
    let title = fill(words.class_title, &[&topic]);
    let is_set = |time: i64| (time > 0).then_some(Moment(time));
    let page = ClassPage {
        frame: Frame::of_enterprise(&signed, &enterprise, &title),
        base: format!("{}/e/{sdkappid}/classes", signed.root),
        users: format!("{}/e/{sdkappid}/users", signed.root),
        class_id: class_id.0,
        topic,
        status: status::label(words, class.class_status),
        teacher: class.teacher_id,
        assistant: class.assistant_id,
        begin: Moment(class.start_time),
        end: Moment(class.stop_time),
        began: is_set(class.real_start_time),
        ended: is_set(class.real_stop_time),
        end_reason: class.end_reason.map_or("", |reason| end_reason(signed.language, reason)),
        inside_total: found.inside_total,
        inside: found.inside.into_iter().map(person).collect(),
        timeline,
        recordings: found.recordings.into_iter().map(|recording| RecordingRow::new(recording, words)).collect(),
        videos,
        is_running: class.class_status == Status::Ing,
        may_change: signed.may_change(),
    };
    page::show(StatusCode::OK, &page)
}

fn end_reason(language: Language, reason: EndReason) -> &'static str {
    language.of(match reason {
        EndReason::Stopped => ("(ended by somebody)", "（被结束）"),
        EndReason::Empty => ("(its time was over and nobody was inside)", "（已到结束时间且无人在内）"),
        EndReason::Overrun => ("(it ran too long)", "（超时过久）"),
        EndReason::NeverBegan => ("(it never began)", "（从未开始）"),
        EndReason::Silent => ("(the heartbeats of its teacher stopped)", "（老师心跳停止）"),
    })
}
