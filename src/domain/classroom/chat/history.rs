//! What was said in a class, as one of its people may read it: the chat group, and their own private messages.

use std::collections::{HashMap, HashSet};

use super::groups::named;
use super::logging::Speaker;
use crate::db::Conn;
use crate::domain::classroom::{class, member};
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::chat::chat_message::ChatMessage;
use crate::store::chat::group::Group;
use crate::store::chat::message::Message;
use crate::store::chat::message_id::MessageId;
use crate::store::chat::private_message::PrivateMessage;
use crate::store::classroom::class::Class;
use crate::store::ids::ClassId;
use crate::store::tenancy::user::{Role, User};

/// A part of what was said.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The messages, the newest last.
    pub messages: Vec<ChatMessage>,
    /// Whether nothing was said before.
    pub finish: bool,
}

/// The last messages of a class that a user sees, before one of them or of all.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::NotReserved`], [`Error::Banned`]; [`Error::Invalid`] when the class has no chat, and
/// when the user sees no such message.
pub fn history(
    conn: &mut Conn,
    reader: &User,
    class_id: ClassId,
    before: Option<MessageId>,
    size: i64,
) -> Result<History> {
    member::check_sees(conn, class_id, reader)?;
    let class = class::require(conn, reader.enterprise_id, class_id)?;
    let chat = named(conn, &class, None)?;
    let end = match before {
        Some(message_id) => End::before(conn, &class, &chat, &reader.user_id, message_id)?,
        None => End { sequence: i64::MAX, number: i64::MAX },
    };
    read(conn, &class, &chat, &reader.user_id, end, size)
}

/// The last messages of a class that a user sees; none if the class has no chat.
///
/// # Errors
/// Only those of the database.
pub fn last(conn: &mut Conn, class: &Class, user_id: &str, size: i64) -> Result<History> {
    match named(conn, class, None) {
        Ok(chat) => read(conn, class, &chat, user_id, End { sequence: i64::MAX, number: i64::MAX }, size),
        Err(Error::Invalid { .. }) => Ok(History { messages: Vec::new(), finish: true }),
        Err(error) => Err(error),
    }
}

/// Where a part of the history ends: before these numbers of the chat group and of the private messages.
#[derive(Clone, Copy)]
struct End {
    sequence: i64,
    number: i64,
}

impl End {
    fn before(conn: &mut Conn, class: &Class, chat: &Group, reader: &str, message_id: MessageId) -> Result<Self> {
        let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
        let unknown = || Error::invalid(Field::MessageId, Problem::NoMessage);
        match message_id {
            MessageId::Chat(sequence) => {
                store::chat::message::get(conn, chat, sequence)?.ok_or_else(unknown)?;
                let next = store::chat::private_message::first_after(conn, enterprise_id, class_id, sequence)?;
                Ok(Self { sequence, number: next.unwrap_or(i64::MAX) })
            }
            MessageId::Private(number) => {
                let message = store::chat::private_message::get(conn, enterprise_id, class_id, number)?;
                let message = message.filter(|message| message.is_of(reader)).ok_or_else(unknown)?;
                Ok(Self { sequence: message.after_sequence.saturating_add(1), number })
            }
            MessageId::Command(_) => Err(unknown()),
        }
    }
}

enum Found {
    Chat(Message),
    Private(PrivateMessage),
}

impl Found {
    /// The place in the one order of both.
    fn place(&self) -> (i64, i64) {
        match self {
            Self::Chat(message) => (message.sequence, 0),
            Self::Private(message) => (message.after_sequence, message.number),
        }
    }

    fn user_id(&self) -> &str {
        match self {
            Self::Chat(message) => &message.user_id,
            Self::Private(message) => &message.user_id,
        }
    }
}

fn read(conn: &mut Conn, class: &Class, chat: &Group, reader: &str, end: End, size: i64) -> Result<History> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    // One more shows whether anything was said before.
    let at_most = size.saturating_add(1);
    let said = store::chat::message::last_before(conn, chat, end.sequence, at_most)?;
    let whispered =
        store::chat::private_message::last_before(conn, enterprise_id, class_id, reader, end.number, at_most)?;
    let mut found: Vec<Found> =
        said.into_iter().map(Found::Chat).chain(whispered.into_iter().map(Found::Private)).collect();
    found.sort_unstable_by_key(Found::place);
    let size = usize::try_from(size).unwrap_or_default();
    let finish = found.len() <= size;
    let found = found.split_off(found.len().saturating_sub(size));
    let people = People::find(conn, class, found.iter().map(Found::user_id))?;
    let messages = found.into_iter().map(|found| people.show(class_id, found)).collect();
    Ok(History { messages, finish })
}

/// The senders of messages.
struct People {
    users: HashMap<String, User>,
    reserved: HashMap<String, Role>,
}

impl People {
    fn find<'a>(conn: &mut Conn, class: &Class, user_ids: impl Iterator<Item = &'a str>) -> Result<Self> {
        let user_ids: HashSet<String> = user_ids.filter(|user_id| !user_id.is_empty()).map(str::to_owned).collect();
        let user_ids: Vec<String> = user_ids.into_iter().collect();
        let users = store::tenancy::user::find_all(conn, class.enterprise_id, &user_ids)?;
        let reserved = store::classroom::member::of_users(conn, class.enterprise_id, class.class_id, &user_ids)?;
        Ok(Self {
            users: users.into_iter().map(|user| (user.user_id.clone(), user)).collect(),
            reserved: reserved.into_iter().collect(),
        })
    }

    fn speaker(&self, user_id: &str) -> Option<Speaker> {
        self.users.get(user_id).map(|user| Speaker::of(user, self.reserved.get(user_id).copied()))
    }

    fn show(&self, class_id: ClassId, found: Found) -> ChatMessage {
        match found {
            Found::Chat(message) => {
                let speaker = self.speaker(&message.user_id).unwrap_or_else(|| Speaker::outside(&message));
                speaker.says(class_id, MessageId::Chat(message.sequence), &message)
            }
            Found::Private(message) => {
                let former = || Speaker {
                    user_id: message.user_id.clone(),
                    nickname: message.user_id.clone(),
                    ..Speaker::default()
                };
                self.speaker(&message.user_id).unwrap_or_else(former).whispers(&message)
            }
        }
    }
}
