//! Notices of what happens in a room, to the group of its components.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::chat::group;
use crate::store;
use crate::store::chat::group::Engine;
use crate::store::chat::message::NewMessage;
pub(in crate::domain) use crate::store::chat::message::Notice;
use crate::store::classroom::class::Class;

/// Notifies the group of a class, if the class is a room and its messages are kept here. Returns the number of the message, 0 for
/// none.
///
/// The class is locked, and no event was published yet: a transaction that has published waits for no other row.
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
