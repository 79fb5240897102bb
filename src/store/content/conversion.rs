//! Conversions of documents into pages, from requested to finished.
//!
//! The reported state only moves forward: queued, processing, finished. Independently of it, a worker may hold the
//! conversion under a lease. If a worker dies, the conversion stays in processing until another worker claims it.

mod claim;
mod row;

use std::collections::HashMap;

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
pub use crate::store::events::failure::FailureKind;
pub use crate::store::events::payload::{ConversionStatus, Service, TranscodeStatus};
use crate::store::ids::EnterpriseId;
use crate::store::schema::conversions::dsl;

pub use claim::{Candidate, Queue, begun, candidates, lock, release, release_expired, renew, take, waiting};
pub use row::{Conversion, NewConversion};

/// Inserts a conversion.
pub fn insert(conn: &mut Conn, new: &NewConversion) -> Result<()> {
    diesel::insert_into(dsl::conversions).values(new).execute(conn).map(drop)
}

/// Returns how many documents of an enterprise wait for a worker.
pub fn queued(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<i64> {
    let waiting = dsl::end_time.is_null().and(dsl::lease_token.is_null()).and(dsl::recording_id.is_null());
    dsl::conversions.filter(waiting).filter(dsl::enterprise_id.eq(enterprise_id)).count().get_result(conn)
}

/// Returns the progress of the conversions of some documents, in percent.
pub fn progress_of(conn: &mut Conn, enterprise_id: EnterpriseId, doc_ids: &[String]) -> Result<HashMap<String, i64>> {
    let rows: Vec<(Option<String>, i64)> = dsl::conversions
        .filter(dsl::doc_id.eq_any(doc_ids))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .select((dsl::doc_id, dsl::progress))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(doc_id, progress)| Some((doc_id?, progress))).collect())
}

/// Returns a conversion.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, task_id: &str) -> Result<Option<Conversion>> {
    dsl::conversions
        .filter(dsl::task_id.eq(task_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Updates the status of a conversion. Does not change its lease or its start time.
pub fn set_status(conn: &mut Conn, enterprise_id: EnterpriseId, status: &ConversionStatus) -> Result<()> {
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

/// Deletes the conversions of some recordings.
pub fn remove_of_recordings(conn: &mut Conn, enterprise_id: EnterpriseId, recording_ids: &[i64]) -> Result<()> {
    diesel::delete(
        dsl::conversions
            .filter(dsl::recording_id.eq_any(recording_ids.iter().copied().map(Some)))
            .filter(dsl::enterprise_id.eq(enterprise_id)),
    )
    .execute(conn)
    .map(drop)
}
