//! Recalling a message: its content is removed wherever it is kept, and its place stays.

use super::groups::{message_id, of};
use super::image;
use super::logging::log_recalled;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::{class, member};
use crate::domain::tenancy::user;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::chat::group::{Engine, Group, GroupKind};
use crate::store::chat::message::{Message, MessageKind, StoredKind};
use crate::store::chat::message_id::MessageId;
use crate::store::chat::private_message::PrivateMessage;
use crate::store::classroom::class::Class;
use crate::store::ids::{ClassId, EnterpriseId};

/// Who recalls a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recaller<'a> {
    /// A user of the class: the sender, or somebody who moderates the class.
    User(&'a str),
    /// The back end of the enterprise, in the name of a user.
    BackEnd(&'a str),
}

impl<'a> Recaller<'a> {
    fn user_id(self) -> &'a str {
        match self {
            Self::User(user_id) | Self::BackEnd(user_id) => user_id,
        }
    }
}

/// Recalls a message of a class. A message that was recalled already stays as it is.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::NotReserved`], [`Error::Banned`]; [`Error::Invalid`] when the
/// user sees no such message; [`Error::Forbidden`] for a message of somebody else, unless the user moderates the class.
pub fn recall(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    by: Recaller<'_>,
    message_id: MessageId,
    now: Millis,
) -> Result<()> {
    let class = class::lock(conn, enterprise_id, class_id)?;
    let user = user::require(conn, enterprise_id, by.user_id())?;
    if let Recaller::User(_) = by {
        member::check_sees(conn, class_id, &user)?;
    }
    let recall = Recall { class: &class, by, message_id, now };
    match message_id {
        MessageId::Chat(sequence) | MessageId::Command(sequence) => recall.of_group(conn, sequence),
        MessageId::Private(number) => recall.private(conn, number),
    }
}

struct Recall<'a> {
    class: &'a Class,
    by: Recaller<'a>,
    message_id: MessageId,
    now: Millis,
}

fn unknown() -> Error {
    Error::invalid(Field::MessageId, Problem::NoMessage)
}

impl Recall<'_> {
    fn of_group(&self, conn: &mut Conn, sequence: i64) -> Result<()> {
        let enterprise_id = self.class.enterprise_id;
        let is_it = |group: &Group| group.engine == Engine::Local && message_id(group, sequence) == self.message_id;
        let group = of(conn, self.class)?.into_iter().find(is_it).ok_or_else(unknown)?;
        // Lessons of one course have the same group, and other locks.
        store::chat::group::lock(conn, enterprise_id, &group.group_id)?;
        let message = store::chat::message::get(conn, &group, sequence)?;
        // Components rely on notices.
        let message = message.filter(|message| message.kind != StoredKind::Notice).ok_or_else(unknown)?;
        self.check(conn, &message.user_id)?;
        if message.is_recalled() {
            return Ok(());
        }
        self.forget_image(conn, message.shown_kind(), &message.content)?;
        store::chat::message::recall(conn, &message, self.by.user_id())?;
        for class_id in self.followers(conn, &group, &message)? {
            log_recalled(conn, (enterprise_id, class_id), self.message_id, self.by.user_id(), self.now)?;
        }
        Ok(())
    }

    /// The classes whose logs have the messages of a group.
    fn followers(&self, conn: &mut Conn, group: &Group, message: &Message) -> Result<Vec<ClassId>> {
        match (group.kind, group.course_id) {
            (GroupKind::Course, Some(course_id)) => {
                Ok(store::classroom::log::followed_lessons(conn, message.enterprise_id, course_id)?)
            }
            _ => Ok(vec![self.class.class_id]),
        }
    }

    fn private(&self, conn: &mut Conn, number: i64) -> Result<()> {
        let Class { enterprise_id, class_id, .. } = *self.class;
        let is_seen = |message: &PrivateMessage| match self.by {
            Recaller::User(user_id) => message.is_of(user_id),
            Recaller::BackEnd(_) => true,
        };
        let message = store::chat::private_message::get(conn, enterprise_id, class_id, number)?;
        let message = message.filter(is_seen).ok_or_else(unknown)?;
        self.check(conn, &message.user_id)?;
        if !message.recalled_by.is_empty() {
            return Ok(());
        }
        self.forget_image(conn, message.kind, &message.content)?;
        store::chat::private_message::recall(conn, &message, self.by.user_id())?;
        log_recalled(conn, (enterprise_id, class_id), self.message_id, self.by.user_id(), self.now)
    }

    /// Checks that a message of this user may be recalled.
    fn check(&self, conn: &mut Conn, sender_id: &str) -> Result<()> {
        match self.by {
            Recaller::User(user_id) if user_id != sender_id && !member::can_moderate(conn, self.class, user_id)? => {
                Err(Error::Forbidden(Forbidden::OthersMessage { user_id: user_id.to_owned() }))
            }
            Recaller::User(_) | Recaller::BackEnd(_) => Ok(()),
        }
    }

    fn forget_image(&self, conn: &mut Conn, kind: MessageKind, content: &str) -> Result<()> {
        match kind {
            MessageKind::Image => image::forget(conn, self.class.enterprise_id, content, self.now),
            MessageKind::Text | MessageKind::Custom => Ok(()),
        }
    }
}
