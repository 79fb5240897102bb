//! Publishing the status of a conversion.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::store;
use crate::store::content::conversion::{ConversionStatus, Service};
use crate::store::tenancy::enterprise::Enterprise;

/// Copies the status of a conversion to its document and publishes the event.
pub(super) fn publish_status(
    conn: &mut Conn,
    enterprise: &Enterprise,
    status: ConversionStatus,
    first: bool,
    now: Millis,
) -> Result<()> {
    // What becomes of a recording is published of the recording.
    if status.service == Service::Recording {
        return Ok(());
    }
    if let Some(doc_id) = &status.doc_id {
        store::content::document::set_conversion_status(conn, enterprise.enterprise_id, doc_id, &status)?;
    }
    let lane = (format!("conversion {}", status.task_id), first);
    event::publish_in_lane(conn, enterprise, lane, &EventPayload::Transcoded(Box::new(status)), now)
}
