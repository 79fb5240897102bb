//! The events of sessions.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::events::event;
use crate::domain::events::event::{EventPayload, Extra};
use crate::store::classroom::session::Session;
use crate::store::tenancy::enterprise::Enterprise;

pub(super) fn tell_left(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: Session,
    time: Millis,
    now: Millis,
) -> Result<()> {
    let fact = EventPayload::Left { user_id: session.user_id, role: session.role, time };
    tell(conn, enterprise, session.class_id, Extra::QuitClass, fact, now)
}

/// Writes an event down for an enterprise that asked for its kind.
pub(super) fn tell(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    kind: Extra,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    if enterprise.callback_events.contains(&kind) {
        event::record_in_class(conn, enterprise, class_id, fact, now)?;
    }
    Ok(())
}
