//! The notices that components read in the group of a room.

use serde_json::{Value, json};

use crate::clock::seconds;
use crate::domain::chat::group::{Message, Notice};

/// The content of a notice; `None` for a notice of another protocol.
#[must_use]
pub fn show(notice: &Notice, message: &Message) -> Option<String> {
    let (number, value) = match notice {
        Notice::ClassBegan => (1001, json!({})),
        Notice::ClassEnded => (1002, json!({})),
        Notice::Entered { user_id } => (1003, json!({ "uid": user_id })),
        Notice::Recorded => (1004, json!({})),
        Notice::Pushed { .. } | Notice::InClass(_) => return None,
    };
    Some(content(number, message, &value))
}

fn content(number: i64, message: &Message, value: &Value) -> String {
    let timestamp = seconds(message.create_time);
    json!({ "type": number, "seq": message.sequence, "timestamp": timestamp, "value": value }).to_string()
}
