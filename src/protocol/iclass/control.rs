//! The control messages that the components of a class read in its command group.

use serde_json::{Value, json};

use crate::clock::seconds;
use crate::domain::chat::group::{ClassAction, ClassNotice, DeviceStates, Notice};
use crate::integrations::hosted_groups::CustomMessage;

/// The kind of control messages.
pub const EXT: &str = "CTRL";
/// The action when the time limit of a question passed.
pub const TIMEOUT_QUESTION: &str = "timeout_question";

/// The longest options of a question that a message has, in bytes. The hosted service refuses messages of more than 12 KB.
/// Components get longer options by `question/info`.
const OPTION_BYTES: usize = 4096;

/// The content of a notice; `None` for a notice of another protocol.
#[must_use]
pub fn show(notice: &Notice) -> Option<String> {
    match notice {
        Notice::InClass(notice) => Some(content(notice)),
        _ => None,
    }
}

/// The message to a hosted group.
#[must_use]
pub fn show_class_notice(notice: &ClassNotice) -> CustomMessage {
    CustomMessage { data: content(notice), ext: EXT }
}

fn content(notice: &ClassNotice) -> String {
    message(notice).to_string()
}

/// The control message as components read it.
pub fn message(ClassNotice { user_id, role, action }: &ClassNotice) -> Value {
    json!({ "type": "control", "user_id": user_id, "role": role, "data": data(user_id, action) })
}

fn data(user_id: &str, action: &ClassAction) -> Value {
    match action {
        ClassAction::HandRaised => json!({ "action": "hand_up", "user_id": user_id }),
        ClassAction::HandLowered => json!({ "action": "hand_down", "user_id": user_id }),
        ClassAction::DevicesSet { people } => {
            let states = |DeviceStates { user_id, camera, mic }: &DeviceStates| json!({ "user_id": user_id, "camera": camera, "mic": mic });
            json!({ "action": "change_member_permission", "objectId": people.iter().map(states).collect::<Vec<_>>() })
        }
        ClassAction::QuestionAsked { question_id, options, launch_time, limit_time } => {
            let mut data = json!({
                "action": "show_question",
                "question_id": question_id,
                "start_time": seconds(*launch_time),
                "limit_time": seconds(*limit_time),
            });
            if options.len() <= OPTION_BYTES
                && let Ok(options) = serde_json::from_str::<Value>(options)
                && let Some(fields) = data.as_object_mut()
            {
                fields.insert("options".to_owned(), options);
            }
            data
        }
        ClassAction::QuestionCancelled { question_id } => {
            json!({ "action": "cancel_question", "question_id": question_id })
        }
        ClassAction::QuestionTimedOut { question_id } => {
            json!({ "action": TIMEOUT_QUESTION, "question_id": question_id })
        }
        ClassAction::CheckInBegan { check_id, start_time, time_limit } => json!({
            "action": "show_check_in",
            "check_id": check_id,
            "start_time": seconds(*start_time),
            "time_limit": seconds(*time_limit),
        }),
        ClassAction::CheckInEnded { check_id } => json!({ "action": "hide_check_in", "check_id": check_id }),
    }
}
