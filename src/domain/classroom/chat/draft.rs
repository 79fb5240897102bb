//! A message before it is sent, and what its sender learns.

use crate::clock::Millis;
use crate::domain::chat::filter::Masked;
use crate::domain::content::file::{Address, Key};
use crate::domain::{Error, Field, Problem};
use crate::store::chat::message::MessageKind;
use crate::store::chat::message_id::MessageId;

/// The content of a new message.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text for people.
    Text(Masked),
    /// An image that was uploaded for the class, by the key of its file.
    Image(Key),
    /// Data for components.
    Custom(String),
}

impl Content {
    /// The type of the message.
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Text(_) => MessageKind::Text,
            Self::Image(_) => MessageKind::Image,
            Self::Custom(_) => MessageKind::Custom,
        }
    }

    /// Whether a stored message has this content.
    pub(super) fn is(&self, kind: MessageKind, stored: &str) -> bool {
        kind == self.kind()
            && match self {
                Self::Text(text) => text.as_str() == stored,
                Self::Image(key) => key_of(stored).as_ref() == Some(key),
                Self::Custom(data) => data == stored,
            }
    }
}

/// A new message.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The group. Default: the chat group.
    pub group_id: Option<String>,
    /// The receiver of a private message.
    pub receiver_id: Option<String>,
    /// The sender.
    pub user_id: String,
    /// The content.
    pub content: Content,
    /// The sender's own number for the message, used to detect duplicates.
    pub random: Option<i64>,
}

/// What the sender of a message learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The id in the class.
    pub message_id: MessageId,
    /// The sequence number within the group; 0 for a private message.
    pub sequence: i64,
    /// When it was sent.
    pub send_time: Millis,
}

/// The key of the file at a stored address.
pub(super) fn key_of(stored: &str) -> Option<Key> {
    Address::stored(stored).map(|address| address.key().clone())
}

/// The sender used a number for another message.
pub(super) fn used(random: i64) -> Error {
    Error::invalid(Field::MessageNumber, Problem::UsedForAnotherMessage(random))
}
