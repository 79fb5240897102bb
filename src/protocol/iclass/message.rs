//! A message in a class, as the channel and the history show it.

use serde::Serialize;
use utoipa::ToSchema;

use super::avatar;
use crate::clock::Millis;
use crate::domain::chat::group::MessageKind;
use crate::domain::classroom::chat::{ChatMessage, MessageId};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::state::AppState;

/// A message in a class.
#[derive(Serialize, ToSchema)]
#[schema(as = ClassMessage)]
pub struct MessageView {
    #[schema(value_type = String)]
    message_id: MessageId,
    /// Empty for a private message
    group_id: String,
    /// The number of the message in its group, from 1; 0 for a private message
    sequence: i64,
    /// The sender; empty for a sender who is not a user
    user_id: String,
    nickname: String,
    avatar: String,
    /// The role of the sender in the class; empty for a sender who is not a user
    role: &'static str,
    /// The type of the content
    #[serde(rename = "type")]
    kind: MessageKind,
    /// The text, the address of the image or the data; empty after a recall
    content: String,
    /// In milliseconds
    send_time: Millis,
    /// The receiver of a private message, else empty
    to: String,
    /// Whether it was recalled
    recalled: bool,
}

impl MessageView {
    /// Shows a message. A link to a private image is good for some hours.
    pub fn new(app: &AppState, enterprise: &Enterprise, message: &ChatMessage) -> Self {
        Self {
            message_id: message.message_id,
            group_id: message.group_id.clone(),
            sequence: message.sequence,
            user_id: message.user_id.clone(),
            nickname: message.nickname.clone(),
            avatar: avatar::url_of(&message.user_id, &message.avatar, &app.public_url),
            role: message.role.map_or("", |role| role.as_str()),
            kind: message.kind,
            content: shown(app, enterprise, message.kind, &message.content),
            send_time: message.send_time,
            to: message.receiver_id.clone(),
            recalled: !message.recalled_by.is_empty(),
        }
    }
}

/// The content of a message that a client gets: the link to an image, or what is stored.
pub fn shown(app: &AppState, enterprise: &Enterprise, kind: MessageKind, stored: &str) -> String {
    match kind {
        MessageKind::Image => app.address(enterprise, stored),
        MessageKind::Text | MessageKind::Custom => stored.to_owned(),
    }
}
