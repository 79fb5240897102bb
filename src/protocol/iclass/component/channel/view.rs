//! Entries of the log of a class as events of the channel.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::message::Outgoing;
use super::states;
use crate::domain::classroom::log::{LogEntry, LogEvent};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::component::board::view::{BoardView, DrawnView};
use crate::protocol::iclass::component::courseware::view::DocumentView;
use crate::protocol::iclass::component::timer::TimerView;
use crate::protocol::iclass::control;
use crate::protocol::iclass::message::MessageView;
use crate::realtime::EntryFormat;
use crate::state::AppState;

/// Formats entries of logs.
pub struct Formatter {
    /// The service, for the addresses of files.
    pub app: Arc<AppState>,
}

impl EntryFormat for Formatter {
    fn format(&self, enterprise: &Enterprise, class_id: ClassId, entry: &LogEntry) -> Option<String> {
        let event = entry.event.as_ref()?;
        let (event, data) = show(&self.app, enterprise, class_id, event);
        let text = Outgoing::Event { sequence: entry.sequence, time: entry.create_time, event, data }.text();
        Some(text.into())
    }
}

/// The JSON of a view.
fn value(view: &impl Serialize) -> Value {
    // Serialisation can't fail: all keys are texts.
    serde_json::to_value(view).unwrap_or_default()
}

/// The name and the data of an event.
fn show(app: &AppState, enterprise: &Enterprise, class_id: ClassId, event: &LogEvent) -> (&'static str, Value) {
    match event {
        LogEvent::Member { member } => ("member", states::member(app, class_id, member)),
        LogEvent::AllSilence { is_silenced } => ("all_silence", json!({ "silence": i64::from(*is_silenced) })),
        LogEvent::Class { class } => ("class", states::class(class)),
        LogEvent::CheckIn { check_in } => ("check_in", states::check_in(check_in).into()),
        LogEvent::CheckedIn { check_id, user_id, time } => {
            ("checked_in", json!({ "check_id": check_id, "user_id": user_id, "time": time }))
        }
        LogEvent::Question { question } => ("question", states::question(question).into()),
        LogEvent::QuestionAnswered { answer } => ("question_answered", states::answer(answer).into()),
        LogEvent::MemberLeft { user_id, reason } => ("member_left", json!({ "user_id": user_id, "reason": reason })),
        LogEvent::Control { notice } => ("control", control::message(notice)),
        LogEvent::Message { message } => ("message", value(&MessageView::new(app, enterprise, message))),
        LogEvent::MessageRecalled { message_id, user_id } => {
            ("message_recalled", json!({ "message_id": message_id, "user_id": user_id }))
        }
        LogEvent::Document { document } => ("document", value(&DocumentView::of(app, enterprise, document))),
        LogEvent::DocumentRemoved { doc_id } => ("document_removed", json!({ "doc_id": doc_id })),
        LogEvent::Board { board } => ("board", value(&BoardView::from(board.clone()))),
        LogEvent::Drawn { page, user_id, operations } => ("drawn", value(&DrawnView::new(page, user_id, operations))),
        LogEvent::Recording { recording } => ("recording", json!({ "recording": recording })),
        LogEvent::Timer { timer } => ("timer", value(&timer.map(TimerView::from))),
    }
}
