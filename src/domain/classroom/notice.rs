//! Notices of events in a room, sent to the group of its components.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::chat::group;
use crate::store;
use crate::store::chat::group::Engine;
use crate::store::chat::message::NewMessage;
pub(in crate::domain) use crate::store::chat::message::Notice;
use crate::store::classroom::class::Class;

/// Sends a notice to the command group of a class, if the class is a room and its group is local. Returns the sequence
/// number of the message, or 0 if none was sent.
///
/// The class must be locked and no event published yet: a transaction that has published must not wait for row locks.
pub(in crate::domain) fn send(conn: &mut Conn, class: &Class, notice: &Notice, now: Millis) -> Result<i64> {
    if !class.is_room() {
        return Ok(0);
    }
    let [_, command] = group::ids(class.class_id);
    let group = store::chat::group::find(conn, class.enterprise_id, &command)?;
    let Some(group) = group.filter(|group| group.engine == Engine::Local) else { return Ok(0) };
    let sequence = store::chat::group::next_sequence(conn, class.enterprise_id, group.id)?;
    let user_id = if let Notice::Entered { user_id } = notice { user_id } else { &class.teacher_id };
    let message = NewMessage::notice(&group, sequence, user_id.clone(), notice, now);
    store::chat::message::insert(conn, &message)?;
    Ok(sequence)
}
