//! The snapshot of a class, which a client gets that knows nothing of it, or missed too much.

use serde_json::{Value, json};

use super::states;
use crate::domain::classroom::snapshot::{OpenCheckIn, OpenQuestion, Snapshot};

/// A snapshot.
pub(super) fn show(snapshot: &Snapshot, public_url: &str) -> Value {
    let members: Vec<Value> = snapshot.members.iter().map(|member| states::member(member, public_url)).collect();
    json!({
        "class": states::class(&snapshot.class),
        "members": members,
        "members_total": snapshot.members_total,
        "check_in": snapshot.check_in.as_ref().map(check_in),
        "question": snapshot.question.as_ref().map(question),
        "messages": [],
        "documents": [],
        "board": { "shown": { "page": "w1", "step": 0 }, "whiteboards": ["w1"] },
        "timer": null,
    })
}

fn check_in(open: &OpenCheckIn) -> Value {
    let mut shown = states::check_in(&open.check_in);
    shown.insert("checked".to_owned(), open.is_checked.into());
    if let Some(users) = &open.checked_users {
        shown.insert("checked_users".to_owned(), json!(users));
    }
    shown.into()
}

fn question(open: &OpenQuestion) -> Value {
    let mut shown = states::question(&open.question);
    let answer = open.answer.as_ref().map_or(Value::Null, |answer| states::parsed(&answer.select));
    shown.insert("answer".to_owned(), answer);
    if let Some(answers) = &open.answers {
        let answers: Vec<Value> = answers.iter().map(|answer| states::answer(answer).into()).collect();
        shown.insert("answers".to_owned(), answers.into());
    }
    shown.into()
}
