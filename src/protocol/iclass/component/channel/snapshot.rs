//! The snapshot of a class, which a client gets that knows nothing of it, or missed too much.

use serde_json::{Value, json};

use super::states;
use crate::domain::classroom::snapshot::{LastQuestion, OpenCheckIn, Snapshot};
use crate::domain::content::conversion::PageFiles;
use crate::domain::content::document::ShownDocument;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::component::board::view::BoardView;
use crate::protocol::iclass::component::courseware::view::DocumentView;
use crate::protocol::iclass::component::timer::TimerView;
use crate::protocol::iclass::message::MessageView;
use crate::state::AppState;

/// How many pages of documents have addresses in a snapshot.
const PAGES: i64 = 5_000;

/// A snapshot.
pub(super) fn show(app: &AppState, enterprise: &Enterprise, snapshot: &Snapshot) -> Value {
    let class_id = snapshot.class.class_id;
    let members: Vec<Value> = snapshot.members.iter().map(|member| states::member(app, class_id, member)).collect();
    let message = |message| MessageView::new(app, enterprise, message);
    let messages: Vec<MessageView> = snapshot.messages.iter().map(message).collect();
    json!({
        "class": states::class(&snapshot.class),
        "members": members,
        "members_total": snapshot.members_total,
        "check_in": snapshot.check_in.as_ref().map(check_in),
        "question": snapshot.question.as_ref().map(question),
        "messages": messages,
        "documents": documents(app, enterprise, &snapshot.documents),
        "board": BoardView::from(snapshot.board.clone()),
        "recording": snapshot.recording,
        "timer": snapshot.timer.map(TimerView::from),
    })
}

/// Documents, with the addresses of their pages as long as there are not too many.
fn documents(app: &AppState, enterprise: &Enterprise, documents: &[ShownDocument]) -> Value {
    let mut pages = 0;
    let show = |document: &ShownDocument| {
        pages += document.pages;
        if pages <= PAGES {
            return json!(DocumentView::of(app, enterprise, document));
        }
        let files = document
            .page_files
            .as_ref()
            .map(|files| PageFiles { is_animated: files.is_animated, ..PageFiles::default() });
        json!(DocumentView::of(app, enterprise, &ShownDocument { page_files: files, ..document.clone() }))
    };
    documents.iter().map(show).collect()
}

fn check_in(open: &OpenCheckIn) -> Value {
    let mut shown = states::check_in(&open.check_in);
    shown.insert("checked".to_owned(), open.is_checked.into());
    if let Some(users) = &open.checked_users {
        shown.insert("checked_users".to_owned(), json!(users));
    }
    shown.into()
}

fn question(last: &LastQuestion) -> Value {
    let mut shown = states::question(&last.question);
    let answer = last.answer.as_ref().map_or(Value::Null, |answer| states::parsed(&answer.select));
    shown.insert("answer".to_owned(), answer);
    shown.insert("answer_is_final".to_owned(), last.is_final.into());
    if let Some(answers) = &last.answers {
        let answers: Vec<Value> = answers.iter().map(|answer| states::answer(answer).into()).collect();
        shown.insert("answers".to_owned(), answers.into());
    }
    shown.into()
}
