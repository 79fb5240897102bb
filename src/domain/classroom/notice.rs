//! What the group of a room is told of what happens in it: messages for its components (Suixinbo edu).

use serde_json::{Value, json};

use crate::clock::{Millis, seconds};
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::chat::group::Engine;
use crate::store::chat::message::{MessageKind, NewMessage};
use crate::store::classroom::class::Class;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) enum Notice<'a> {
    /// The class began.
    Began,
    /// It ended.
    Ended,
    /// Somebody came in.
    Entered(&'a str),
    /// A recording of it is there.
    Recorded,
}

impl Notice<'_> {
    /// The number on the wire.
    fn number(self) -> i64 {
        match self {
            Self::Began => 1001,
            Self::Ended => 1002,
            Self::Entered(_) => 1003,
            Self::Recorded => 1004,
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Entered(user_id) => json!({ "uid": user_id }),
            Self::Began | Self::Ended | Self::Recorded => json!({}),
        }
    }
}

/// Tells the group of a class, if the class is a room and its messages are here. Returns the number of the message, 0 for none.
///
/// The class is locked, and no event was written yet: whoever writes events waits for no other row.
pub(in crate::domain) fn tell(conn: &mut Conn, class: &Class, notice: Notice<'_>, now: Millis) -> Result<i64> {
    if !class.is_room() {
        return Ok(0);
    }
    let [_, command] = crate::domain::chat::group::ids(class.class_id);
    let group = store::chat::group::find(conn, class.enterprise_id, &command)?;
    let Some(group) = group.filter(|group| group.engine == Engine::Local) else { return Ok(0) };
    let sequence = store::chat::group::next_sequence(conn, class.enterprise_id, group.id)?;
    let content = json!({
        "type": notice.number(), "seq": sequence, "timestamp": seconds(now), "value": notice.value(),
    });
    let new = NewMessage {
        enterprise_id: class.enterprise_id,
        group_key: group.id,
        sequence,
        user_id: if let Notice::Entered(user_id) = notice { user_id.to_owned() } else { class.teacher_id.clone() },
        kind: MessageKind::Custom,
        content: content.to_string(),
        random: None,
        create_time: now,
        sender_name: String::new(),
        sender_avatar: String::new(),
    };
    store::chat::message::insert(conn, &new)?;
    Ok(sequence)
}
