//! The notice of a message to a whole class. The protocol does not specify its format, so it has that of the answer of the call.

use serde_json::json;

use crate::domain::chat::group::Notice;

/// The content of a notice; `None` for a notice of another protocol.
#[must_use]
pub fn show(notice: &Notice) -> Option<String> {
    let Notice::Pushed { class_id, push_id } = notice else { return None };
    Some(json!({ "class_id": class_id, "push_history_record_id": push_id }).to_string())
}
