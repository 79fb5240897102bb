//! Publishing the events of sessions.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::class_event;
use crate::domain::events::event::{EventPayload, Extra};
use crate::store::classroom::session::Session;
use crate::store::ids::ClassId;
use crate::store::tenancy::enterprise::Enterprise;

pub(super) fn publish_left(
    conn: &mut Conn,
    enterprise: &Enterprise,
    session: &Session,
    time: Millis,
    now: Millis,
) -> Result<()> {
    let payload = EventPayload::Left { user_id: session.user_id.clone(), role: session.role, time };
    publish_if_subscribed(conn, enterprise, session.class_id, &payload, now)
}

/// Publishes that somebody joined or left to the enterprise, if it subscribes to these events.
pub(super) fn publish_if_subscribed(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    payload: &EventPayload,
    now: Millis,
) -> Result<()> {
    let subscribed = match payload {
        EventPayload::Joined { .. } => enterprise.callback_events.contains(&Extra::JoinClass),
        EventPayload::Left { .. } => enterprise.callback_events.contains(&Extra::QuitClass),
        _ => true,
    };
    if subscribed { class_event::publish(conn, enterprise, class_id, payload, now) } else { Ok(()) }
}
