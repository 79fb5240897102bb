//! `/paas/v1/class/attendance`: who was there, for how long, and what they did; as a list and as a table to download.

mod row;
mod table;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain;
use crate::domain::classroom::attendance;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, page};
use crate::state::AppState;
use crate::store::{Page, Start};
use row::AttendanceRow;
use table::Lang;

/// How many rows of a table are read at once.
const AT_ONCE: i64 = 500;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(csv);
}

#[derive(Deserialize, ToSchema)]
struct ListAttendance {
    /// The class
    class_id: Natural,
    /// Rows to leave out [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Instead of `index`: empty for the first page, then what `next` said. Costs the same anywhere in the list
    after: Option<After>,
}

/// Tell who was there: first those who are reserved, then those who came without, visitors too
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
    /// Of the first line [default: en]
    lang: Option<Lang>,
}

/// Download who was there, as a table for spreadsheets: CSV in UTF-8 with a byte order mark
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
            let page = Page { start: Start::After(after), size: AT_ONCE };
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
