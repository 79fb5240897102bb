//! Publishing events of a class whose own row does not change.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::store;
use crate::store::ids::ClassId;
use crate::store::tenancy::enterprise::Enterprise;

/// Publishes an event with the next sequence number of its class to the enterprise.
pub(in crate::domain) fn publish(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    payload: &EventPayload,
    now: Millis,
) -> Result<()> {
    let sequence = store::classroom::class::next_sequence(conn, enterprise.enterprise_id, class_id)?;
    event::publish(conn, enterprise, event::of_class(enterprise, class_id, sequence, payload, now))
}
