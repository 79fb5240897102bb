//! The objects that events and snapshots have: members, the class, check-ins and questions.

use serde_json::{Map, Value, json};

use crate::domain::classroom::log::{AnswerState, CheckInState, ClassState, MemberState, QuestionState};
use crate::domain::ids::ClassId;
use crate::protocol::iclass::avatar;
use crate::state::AppState;

/// A member. Pictures have addresses below this one, unless they are elsewhere.
pub(super) fn member(app: &AppState, class_id: ClassId, member: &MemberState) -> Value {
    json!({
        "user_id": member.user_id,
        "nickname": member.nickname,
        "avatar": avatar::url_of(&member.user_id, &member.avatar, &app.public_url),
        "role": member.role,
        "camera": member.camera,
        "mic": member.mic,
        "speaker": member.speaker,
        "screen": member.screen,
        "silence": member.silence,
        "hand_up": member.hand_up,
        "hand_up_time": member.hand_up_time,
        "enable_draw": member.enable_draw,
        "enter_time": member.enter_time,
        "connected": app.channel.is_connected(class_id, &member.user_id, member.enter_time),
    })
}

/// A class.
pub(super) fn class(class: &ClassState) -> Value {
    json!({
        "class_id": class.class_id,
        "class_topic": class.class_topic,
        "class_type": class.class_type,
        "class_status": class.class_status,
        "teacher_id": class.teacher_id,
        "assistant_id": class.assistant_id,
        "start_time": class.start_time,
        "stop_time": class.stop_time,
        "real_start_time": class.real_start_time,
        "real_stop_time": class.real_stop_time,
        "enable_all_silence": i64::from(class.enable_all_silence),
        "max_member_limit": class.max_member_limit,
        "has_password": class.has_password,
    })
}

/// A check-in.
pub(super) fn check_in(check_in: &CheckInState) -> Map<String, Value> {
    fields(json!({
        "check_id": check_in.check_id,
        "user_id": check_in.user_id,
        "start_time": check_in.start_time,
        "limit": check_in.limit,
        "end_time": check_in.end_time,
    }))
}

/// A question.
pub(super) fn question(question: &QuestionState) -> Map<String, Value> {
    let outcome = question.outcome.as_ref();
    fields(json!({
        "question_id": question.question_id,
        "user_id": question.user_id,
        "options": parsed(&question.options),
        "launch_time": question.launch_time,
        "limit": question.limit,
        "end_time": question.end_time,
        "correct_answer": outcome.map_or(Value::Null, |outcome| parsed(&outcome.correct_answer)),
        "result": outcome.map(|outcome| json!({
            "answered": outcome.answered,
            "right": outcome.right,
            "pupils": outcome.pupils,
            "counts": outcome.counts,
        })),
    }))
}

/// An answer to a question.
pub(super) fn answer(answer: &AnswerState) -> Map<String, Value> {
    fields(json!({
        "question_id": answer.question_id,
        "user_id": answer.user_id,
        "select": parsed(&answer.select),
        "is_right": answer.is_right,
        "time": answer.time,
    }))
}

/// A value that is stored as JSON; null if there is none.
pub(super) fn parsed(stored: &str) -> Value {
    serde_json::from_str(stored).unwrap_or_default()
}

fn fields(object: Value) -> Map<String, Value> {
    if let Value::Object(fields) = object { fields } else { Map::new() }
}
