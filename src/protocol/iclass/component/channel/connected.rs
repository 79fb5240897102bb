//! What the others are sent when the connection of somebody who is inside begins or breaks.

use bytestring::ByteString;
use serde_json::json;

use super::message::{Outgoing, SignalKind};
use crate::domain::ids::ClassId;
use crate::protocol::iclass::component::auth::Participant;
use crate::realtime::{ConnectionChange, Signal};
use crate::state::AppState;

/// Announces to all who follow a class whether a connection of somebody who is inside began or broke.
pub(super) fn announce(app: &AppState, me: &Participant, class_id: ClassId, connection: u64, is_connected: bool) {
    let user_id = me.user.user_id.clone();
    let text = connection_signal(&user_id, is_connected);
    let change = ConnectionChange { connection, is_connected, time: app.now() };
    app.channel.signal(class_id, Signal { user_id, text, connection: Some(change) });
}

/// The signal for clients.
pub(super) fn connection_signal(user_id: &str, is_connected: bool) -> ByteString {
    let data = json!({ "connected": is_connected });
    Outgoing::Signal { kind: SignalKind::Connection, user_id, data: &data }.text()
}
