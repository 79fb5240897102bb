//! `/paas/v1/class/attendance`: who attended, for how long, and what they did, as a list and as a table for spreadsheets.

mod csv;
mod row;
mod table;
mod workbook;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, post};
use rust_xlsxwriter::XlsxError;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::Millis;
use crate::db;
use crate::db::Conn;
use crate::domain;
use crate::domain::classroom::attendance;
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::http::wire::parse_query;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::error::{ApiError, Code};
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, page};
use crate::state::AppState;
use crate::store::{Page, Start};
pub use row::AttendanceRow;
use table::{Cell, Lang};
use workbook::Book;

/// How many rows of the table one query reads.
const BATCH: i64 = 500;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(export);
}

/// The class and page of a list of attendance.
#[derive(Deserialize, ToSchema)]
pub struct ListAttendance {
    /// The class
    class_id: Natural,
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before. Costs the same anywhere in the list
    after: Option<After>,
}

impl ListAttendance {
    /// The class and the page.
    pub fn into_page(self) -> Result<(i64, Page), ApiError> {
        Ok((self.class_id.0, page(self.index, self.size, self.after)?))
    }
}

/// List attendance: first the reserved people, then those who joined without a reservation, visitors included
#[utoipa::path(tag = "class", request_body = ListAttendance, responses((status = 200, body = Reply<ListReply<AttendanceRow>>)))]
#[post("/class/attendance")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListAttendance>) -> Answer<ListReply<AttendanceRow>> {
    let ((class_id, page), enterprise_id, now) = (body.0.into_page()?, caller.0.enterprise_id, app.now());
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
    /// The format of the table; it may be in the query instead [default: csv]
    format: Option<TableFormat>,
}

/// The format of a table.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
enum TableFormat {
    /// Text with commas.
    Csv,
    /// A workbook, whose cells have types.
    Xlsx,
}

impl TryFrom<String> for TableFormat {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            _ => Err(format!("{word:?} is not csv or xlsx")),
        }
    }
}

impl TableFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The parameters of the table in the query.
#[derive(Deserialize)]
struct TableQuery {
    format: Option<TableFormat>,
}

/// Why there is no table.
enum NoTable {
    Refused(domain::Error),
    Workbook(XlsxError),
}

impl From<domain::Error> for NoTable {
    fn from(error: domain::Error) -> Self {
        Self::Refused(error)
    }
}

impl From<db::Error> for NoTable {
    fn from(error: db::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<XlsxError> for NoTable {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error)
    }
}

impl From<NoTable> for ApiError {
    fn from(error: NoTable) -> Self {
        match error {
            NoTable::Refused(error) => error.into(),
            NoTable::Workbook(error) => {
                log::error!("a workbook could not be written: {error}");
                Self::new(Code::Internal, "the table could not be written")
            }
        }
    }
}

/// Download the attendance as a table for spreadsheets: CSV in UTF-8 with a byte order mark, or XLSX
#[utoipa::path(tag = "class", request_body = AttendanceTable,
    params(("format" = Option<TableFormat>, Query, description = "The format of the table, if the body has none")),
    responses((status = 200, content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))))]
#[post("/class/attendance/csv")]
async fn export(
    app: Data<AppState>,
    caller: Caller,
    request: HttpRequest,
    body: Body<AttendanceTable>,
) -> Result<HttpResponse, ApiError> {
    let AttendanceTable { class_id, lang, format } = body.0;
    let in_query = || parse_query::<TableQuery>(request.query_string()).map_err(|e| ApiError::invalid(e.to_string()));
    let format = match format {
        Some(format) => format,
        None => in_query()?.format.unwrap_or(TableFormat::Csv),
    };
    let (lang, class_id, now) = (lang.unwrap_or(Lang::En), ClassId(class_id.0), app.now());
    let enterprise_id = caller.0.enterprise_id;
    let read = move |conn: &mut Conn| match format {
        TableFormat::Csv => {
            let mut text = csv::head(lang);
            each_row(conn, enterprise_id, class_id, now, |cells| {
                csv::add(&mut text, cells);
                Ok(())
            })?;
            Ok(text.into_bytes())
        }
        TableFormat::Xlsx => {
            let mut book = Book::new(lang)?;
            each_row(conn, enterprise_id, class_id, now, |cells| book.add(cells))?;
            Ok::<_, NoTable>(book.finish()?)
        }
    };
    let table = app.db.read_slow(read).await?;
    let disposition = format!("attachment; filename=\"attendance-{class_id}.{}\"", format.extension());
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(table))
}

fn each_row(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    now: Millis,
    mut add: impl FnMut(Vec<Cell>) -> Result<(), XlsxError>,
) -> Result<(), NoTable> {
    let mut start = Some(None);
    while let Some(after) = start {
        let page = Page { start: Start::After(after), size: BATCH };
        let records = attendance::list(conn, enterprise_id, class_id, page, now)?;
        for record in records.rows {
            add(table::cells(record.into()))?;
        }
        start = records.next.map(Some);
    }
    Ok(())
}
