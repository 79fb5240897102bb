//! What happened in a class, in order: who came and went and why, and the events.

use crate::console::kinds;
use crate::console::time::Moment;
use crate::console::words::{Language, fill};
use crate::domain::classroom::overview::{Overview, QuitReason};
use crate::domain::events::event::EventKind;

/// Something that happened.
pub(super) struct Entry {
    pub(super) time: Moment,
    pub(super) text: String,
}

/// The newest first.
pub(super) fn of(overview: &Overview, language: Language) -> Vec<Entry> {
    let words = language.words();
    let mut entries = Vec::new();
    for session in &overview.sessions {
        let text = fill(words.came, &[&session.user_id, session.role.as_str()]);
        entries.push(Entry { time: Moment(session.enter_time), text });
        if let Some(time) = session.quit_time {
            let why = session.quit_reason.map_or("", |reason| why(language, reason));
            entries.push(Entry { time: Moment(time), text: fill(words.went, &[&session.user_id, why]) });
        }
    }
    for event in &overview.events {
        let text = kinds::label(language, EventKind::of(&event.payload)).to_owned();
        entries.push(Entry { time: Moment(event.create_time), text });
    }
    // A signed call that begins or ends a class causes no event by default.
    let times = [
        (EventKind::ClassBegan, overview.class.real_start_time),
        (EventKind::ClassEnded, overview.class.real_stop_time),
    ];
    for (kind, time) in times {
        if time > 0 && !overview.events.iter().any(|event| EventKind::of(&event.payload) == kind) {
            entries.push(Entry { time: Moment(time), text: kinds::label(language, kind).to_owned() });
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.time.0));
    entries
}

/// Why a session ended.
fn why(language: Language, reason: QuitReason) -> &'static str {
    language.of(match reason {
        QuitReason::Quit => ("they left", "主动离开"),
        QuitReason::ClassEnded => ("the class ended", "课堂结束"),
        QuitReason::Kicked => ("they were put out", "被移出课堂"),
        QuitReason::Replaced => ("they joined on another device", "在其他设备进入"),
        QuitReason::Timeout => ("their heartbeats stopped", "心跳超时"),
        QuitReason::Moved => ("they joined another class", "进入了其他课堂"),
        QuitReason::Deleted => ("the user was deleted", "用户被删除"),
        QuitReason::Removed => ("they lost their reservation", "被移出成员名单"),
        QuitReason::ClassDeleted => ("the class was deleted", "课堂被删除"),
    })
}
