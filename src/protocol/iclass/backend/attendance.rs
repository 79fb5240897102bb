//! `/paas/v1/class/attendance`: who attended, for how long, and what they did, as a list and as CSV.

mod table;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain;
use crate::domain::classroom::attendance;
use crate::domain::classroom::attendance::Record;
use crate::domain::classroom::session::Session;
use crate::domain::tenancy::user::Role;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, page};
use crate::state::AppState;
use crate::store::{Page, Start};
use table::Lang;

/// How many rows of the CSV file one query reads.
const BATCH: i64 = 500;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(csv);
}

#[derive(Deserialize, ToSchema)]
struct ListAttendance {
    /// The class
    class_id: Natural,
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before. Costs the same anywhere in the list
    after: Option<After>,
}

/// One person's attendance. Times count from the real start of the class to its real end, or to now, in whole seconds.
#[derive(Serialize, ToSchema)]
struct AttendanceRow {
    user_id: String,
    nickname: String,
    /// The role in this class
    role: Role,
    /// The sessions, in order
    stay_list: Vec<SessionRow>,
    /// How long the person was inside
    present_seconds: i64,
    /// How long after the start the person first joined; 0 for a person who never did
    late_seconds: i64,
    /// How long before the end the person last left; 0 for a person who never joined
    left_early_seconds: i64,
    /// How often the person raised a hand
    hand_ups: i64,
    /// How often the person was rewarded
    rewards: i64,
    /// How long the camera was on
    camera_seconds: i64,
    /// How long the microphone was on
    mic_seconds: i64,
    /// How many check-ins the person answered
    check_ins_answered: i64,
    /// How many check-ins there were
    check_ins: i64,
    /// How many questions the person answered
    questions_answered: i64,
    /// How many of the answers were correct
    questions_right: i64,
    /// How many questions there were
    questions: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = StayRow)]
struct SessionRow {
    /// In seconds
    enter_time: i64,
    /// In seconds; 0 while the session is open
    quit_time: i64,
    /// `quit`, `kicked`, `replaced`, `timeout`, `class_ended` or `moved`; empty while the session is open
    quit_reason: &'static str,
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        Self {
            enter_time: seconds(session.enter_time),
            quit_time: session.quit_time.map_or(0, seconds),
            quit_reason: session.quit_reason.map_or("", |reason| reason.as_str()),
        }
    }
}

impl From<Record> for AttendanceRow {
    fn from(record: Record) -> Self {
        Self {
            stay_list: record.sessions.iter().map(SessionRow::from).collect(),
            user_id: record.user_id,
            nickname: record.nickname,
            role: record.role,
            present_seconds: seconds(record.present),
            late_seconds: seconds(record.late_by),
            left_early_seconds: seconds(record.left_early_by),
            hand_ups: record.hand_ups,
            rewards: record.rewards,
            camera_seconds: seconds(record.camera),
            mic_seconds: seconds(record.mic),
            check_ins_answered: record.check_ins_answered,
            check_ins: record.check_ins,
            questions_answered: record.replies.answered,
            questions_right: record.replies.right,
            questions: record.questions,
        }
    }
}

/// List attendance: first the reserved people, then those who joined without a reservation, visitors included
#[utoipa::path(tag = "class", request_body = ListAttendance, responses((status = 200, body = Reply<ListReply<AttendanceRow>>)))]
#[post("/class/attendance")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListAttendance>) -> Answer<ListReply<AttendanceRow>> {
    let page = page(body.0.index, body.0.size, body.0.after)?;
    let (enterprise_id, class_id, now) = (caller.0.enterprise_id, body.0.class_id.0, app.now());
    let records = app.db.read_slow(move |conn| attendance::list(conn, enterprise_id, class_id, page, now)).await?;
    reply(ListReply::new(records, AttendanceRow::from))
}

#[derive(Deserialize, ToSchema)]
struct AttendanceTable {
    /// The class
    class_id: Natural,
    /// The language of the column names [default: en]
    lang: Option<Lang>,
}

/// Download the attendance as CSV for spreadsheets, in UTF-8 with a byte order mark
#[utoipa::path(tag = "class", request_body = AttendanceTable,
    responses((status = 200, body = String, content_type = "text/csv")))]
#[post("/class/attendance/csv")]
async fn csv(app: Data<AppState>, caller: Caller, body: Body<AttendanceTable>) -> Result<HttpResponse, ApiError> {
    let lang = body.0.lang.unwrap_or(Lang::En);
    let (enterprise_id, class_id, now) = (caller.0.enterprise_id, body.0.class_id.0, app.now());
    let read = move |conn: &mut _| {
        let mut text = table::head(lang);
        let mut start = Some(None);
        while let Some(after) = start {
            let page = Page { start: Start::After(after), size: BATCH };
            let records = attendance::list(conn, enterprise_id, class_id, page, now)?;
            records.rows.into_iter().for_each(|record| table::add(&mut text, record.into()));
            start = records.next.map(Some);
        }
        Ok::<_, domain::Error>(text)
    };
    let text = app.db.read_slow(read).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"attendance-{class_id}.csv\"")))
        .body(text))
}
