//! `/paas/v1/class/attendance`: who attended, for how long, and what they did, as a list and as CSV.

mod row;
mod table;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain;
use crate::domain::classroom::attendance;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, page};
use crate::state::AppState;
use crate::store::{Page, Start};
use row::AttendanceRow;
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

/// List attendance: first the reserved people, then those who joined without a reservation, visitors included
#[utoipa::path(tag = "class", request_body = ListAttendance, responses((status = 200, body = Reply<ListReply<AttendanceRow>>)))]
#[post("/class/attendance")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListAttendance>) -> Answer<ListReply<AttendanceRow>> {
    let page = page(body.0.index, body.0.size, body.0.after)?;
    let (enterprise_id, class_id, now) = (caller.0.enterprise_id, body.0.class_id.0, app.now());
    let records =
        app.db.read_slow(move |conn| attendance::list(conn, enterprise_id, ClassId(class_id), page, now)).await?;
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
            let records = attendance::list(conn, enterprise_id, ClassId(class_id), page, now)?;
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
