//! A message in a class as its readers see it, with its sender. It is stored in the log of the class, so serialised names must
//! not change.

use serde::{Deserialize, Serialize};

use super::message::MessageKind;
use super::message_id::MessageId;
use crate::clock::Millis;
use crate::store::tenancy::user::Role;

/// A message in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// The id in the class.
    pub message_id: MessageId,
    /// The group, by the name that it has in this class; empty for a private message.
    pub group_id: String,
    /// The sequence number within the group; 0 for a private message.
    pub sequence: i64,
    /// The sender; empty for a sender who is not a user.
    pub user_id: String,
    /// The display name of the sender.
    pub nickname: String,
    /// The avatar URL of the sender; empty for the default one.
    pub avatar: String,
    /// The role of the sender in the class; `None` for a sender who is not a user.
    pub role: Option<Role>,
    /// The type of the content.
    pub kind: MessageKind,
    /// The text, the stored address of the image, or the custom data; empty after a recall.
    pub content: String,
    /// When it was sent.
    pub send_time: Millis,
    /// The receiver of a private message; empty for a message to a group.
    pub receiver_id: String,
    /// The user who recalled it; empty if nobody did.
    pub recalled_by: String,
}
