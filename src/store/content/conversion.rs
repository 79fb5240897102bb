//! Conversions: documents that become pages, from asked for to finished.
//!
//! What is told of one goes from queued over processing to finished and never back. Apart from that, a worker holds it under
//! a lease or nobody does: one whose worker died is still processing, and taken up again.

mod claim;
mod row;

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
pub use crate::store::events::failure::FailureKind;
pub use crate::store::events::payload::{ConversionStatus, Service, TranscodeStatus};
use crate::store::schema::conversions::dsl;

pub use claim::{Candidate, begun, candidates, lock, release, release_expired, renew, take, waiting};
pub use row::{Conversion, NewConversion};

/// Adds a conversion.
pub fn insert(conn: &mut Conn, new: &NewConversion) -> Result<()> {
    diesel::insert_into(dsl::conversions).values(new).execute(conn).map(drop)
}

/// One conversion.
pub fn find(conn: &mut Conn, enterprise_id: i64, task_id: &str) -> Result<Option<Conversion>> {
    dsl::conversions
        .filter(dsl::task_id.eq(task_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Writes down how a conversion stands; who holds it, and since when, is not touched.
pub fn stand(conn: &mut Conn, enterprise_id: i64, status: &ConversionStatus) -> Result<()> {
    let end_time = (status.state == TranscodeStatus::Finished).then_some(status.time);
    diesel::update(
        dsl::conversions.filter(dsl::task_id.eq(&status.task_id)).filter(dsl::enterprise_id.eq(enterprise_id)),
    )
    .set((
        dsl::state.eq(status.state),
        dsl::progress.eq(status.progress),
        dsl::failure.eq(status.failure),
        dsl::message.eq(&status.message),
        dsl::result.eq(&status.result),
        dsl::pages.eq(status.pages),
        dsl::width.eq(status.width),
        dsl::height.eq(status.height),
        dsl::title.eq(&status.title),
        dsl::end_time.eq(end_time),
    ))
    .execute(conn)
    .map(drop)
}
