//! Appending chat messages to the logs of classes.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::chat::group::ids;
use crate::domain::classroom::log;
use crate::domain::classroom::log::{Audience, LogEvent};
use crate::store;
use crate::store::chat::chat_message::ChatMessage;
use crate::store::chat::message::Message;
use crate::store::chat::message_id::MessageId;
use crate::store::chat::private_message::PrivateMessage;
use crate::store::classroom::logged_message;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::tenancy::user::{Role, User};

/// The sender of a message, as a class sees them.
#[derive(Clone, Debug, Default)]
pub(in crate::domain) struct Speaker {
    pub user_id: String,
    pub nickname: String,
    pub avatar: String,
    pub role: Option<Role>,
}

impl Speaker {
    /// A user: with the reserved role in the class, or else with that of the account.
    pub(super) fn in_class(conn: &mut Conn, class_id: ClassId, user: &User) -> Result<Self> {
        let reserved = store::classroom::member::role(conn, user.enterprise_id, class_id, &user.user_id)?;
        Ok(Self::of(user, reserved))
    }

    pub(super) fn of(user: &User, reserved: Option<Role>) -> Self {
        Self {
            user_id: user.user_id.clone(),
            nickname: user.nickname.clone(),
            avatar: user.avatar.clone(),
            role: Some(reserved.unwrap_or(user.role)),
        }
    }

    /// Somebody who is not a user, or a user who was deleted.
    pub(super) fn outside(message: &Message) -> Self {
        let nickname = if message.sender_name.is_empty() { &message.user_id } else { &message.sender_name };
        Self {
            user_id: message.user_id.clone(),
            nickname: nickname.clone(),
            avatar: message.sender_avatar.clone(),
            role: None,
        }
    }

    /// What they say in a group of a class.
    pub(super) fn says(self, class_id: ClassId, message_id: MessageId, message: &Message) -> ChatMessage {
        // Clients compute these names, also for a lesson, whose chat group is that of the course.
        let [chat, command] = ids(class_id);
        ChatMessage {
            message_id,
            group_id: if matches!(message_id, MessageId::Command(_)) { command } else { chat },
            sequence: message.sequence,
            user_id: self.user_id,
            nickname: self.nickname,
            avatar: self.avatar,
            role: self.role,
            kind: message.shown_kind(),
            content: message.content.clone(),
            send_time: message.create_time,
            receiver_id: String::new(),
            recalled_by: message.recalled_by.clone(),
        }
    }

    /// What they say privately.
    pub(super) fn whispers(self, message: &PrivateMessage) -> ChatMessage {
        ChatMessage {
            message_id: MessageId::Private(message.number),
            group_id: String::new(),
            sequence: 0,
            user_id: self.user_id,
            nickname: self.nickname,
            avatar: self.avatar,
            role: self.role,
            kind: message.kind,
            content: message.content.clone(),
            send_time: message.create_time,
            receiver_id: message.receiver_id.clone(),
            recalled_by: message.recalled_by.clone(),
        }
    }
}

/// Appends a message to the log of a class, for those who may read it.
pub(super) fn append(conn: &mut Conn, class: (EnterpriseId, ClassId), message: ChatMessage, now: Millis) -> Result<()> {
    let (message_id, audience) = (message.message_id, audience(&message.user_id, &message.receiver_id));
    let event = LogEvent::Message { message: Box::new(message) };
    if let Some(sequence) = log::append(conn, class, &audience, &event, now)? {
        logged_message::insert(conn, class, message_id, sequence)?;
    }
    Ok(())
}

/// Appends a message to the logs of the lessons of a course, which share its group. `sender` is `None` for a sender who is not a
/// user. Nothing may be published before in the same transaction.
pub(in crate::domain) fn log_in_lessons(
    conn: &mut Conn,
    course_id: CourseId,
    message: &Message,
    sender: Option<&User>,
    now: Millis,
) -> Result<()> {
    let enterprise_id = message.enterprise_id;
    // In the order of their ids, as all transactions lock classes.
    for class_id in store::classroom::log::followed_lessons(conn, enterprise_id, course_id)? {
        let speaker = match sender {
            Some(sender) => Speaker::in_class(conn, class_id, sender)?,
            None => Speaker::outside(message),
        };
        let said = speaker.says(class_id, MessageId::Chat(message.sequence), message);
        append(conn, (enterprise_id, class_id), said, now)?;
    }
    Ok(())
}

/// Appends that a message was recalled, for those who got it, and removes its content from the log.
pub(super) fn log_recalled(
    conn: &mut Conn,
    (enterprise_id, class_id): (EnterpriseId, ClassId),
    message_id: MessageId,
    recalled_by: &str,
    now: Millis,
) -> Result<()> {
    let event = LogEvent::MessageRecalled { message_id, user_id: recalled_by.to_owned() };
    let logged = logged_message::find(conn, enterprise_id, class_id, message_id)?;
    let entry = match logged {
        Some(sequence) => store::classroom::log::get(conn, enterprise_id, class_id, sequence)?,
        None => None,
    };
    let mut audience = Audience::Everyone;
    if let Some(entry) = entry
        && let Some(LogEvent::Message { mut message }) = entry.event
    {
        message.content.clear();
        recalled_by.clone_into(&mut message.recalled_by);
        audience = entry.audience;
        let event = LogEvent::Message { message };
        store::classroom::log::replace(conn, enterprise_id, class_id, entry.sequence, &event)?;
    }
    log::append(conn, (enterprise_id, class_id), &audience, &event, now).map(drop)
}

/// Those who get a message.
fn audience(user_id: &str, receiver_id: &str) -> Audience {
    if receiver_id.is_empty() {
        Audience::Everyone
    } else {
        Audience::Users(vec![user_id.to_owned(), receiver_id.to_owned()])
    }
}
