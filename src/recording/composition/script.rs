//! What happened in a class that its video shows, in its order: pages, what was drawn, and the names of people.

use std::collections::HashMap;

use crate::clock::Millis;
use crate::db::Db;
use crate::domain;
use crate::domain::classroom::board::Operation;
use crate::domain::classroom::log::{LogEntry, LogEvent};
use crate::domain::classroom::online_recording::OnlineRecording;
use crate::domain::classroom::{class, courseware, log};
use crate::domain::content::document::ShownDocument;

/// How many entries of the log are read at a time.
const AT_ONCE: i64 = 1_000;

/// A change of the board.
pub(super) enum Change {
    /// A page is shown.
    Show(String),
    /// Something is drawn on a page.
    Draw(String, Vec<Operation>),
}

/// What happened in a class.
pub(super) struct Script {
    /// The changes and their times, the last one first.
    changes: Vec<(Millis, Change)>,
    /// The names of people: the last that each had.
    pub names: HashMap<String, String>,
    pub teacher_id: String,
    /// The documents that the class has or had, by their ids.
    pub documents: HashMap<String, ShownDocument>,
}

impl Script {
    /// Reads the log of a recorded class.
    pub async fn read(db: &Db, recording: &OnlineRecording) -> domain::Result<Self> {
        let (enterprise_id, class_id) = (recording.enterprise_id, recording.class_id);
        let read = move |conn: &mut _| {
            let class = class::require(conn, enterprise_id, class_id)?;
            Ok::<_, domain::Error>((class.teacher_id, courseware::documents(conn, enterprise_id, class_id)?))
        };
        let (teacher_id, documents) = db.read_slow(read).await?;
        let documents = documents.into_iter().map(|document| (document.doc_id.clone(), document)).collect();
        let mut script = Self { changes: Vec::new(), names: HashMap::new(), teacher_id, documents };
        let mut last = 0;
        loop {
            let read = move |conn: &mut _| log::after(conn, enterprise_id, class_id, last, AT_ONCE);
            let entries = db.read_slow(read).await?;
            let Some(end) = entries.last() else { break };
            last = end.sequence;
            for entry in entries {
                script.take(entry);
            }
        }
        script.changes.reverse();
        Ok(script)
    }

    fn take(&mut self, entry: LogEntry) {
        let change = match entry.event {
            Some(LogEvent::Board { board }) => Change::Show(board.shown_page),
            Some(LogEvent::Drawn { page, operations, .. }) => Change::Draw(page, operations),
            Some(LogEvent::Member { member }) => {
                self.names.insert(member.user_id, member.nickname);
                return;
            }
            Some(LogEvent::Document { document }) => {
                // The class may not have it any more; what it is now is newer.
                self.documents.entry(document.doc_id.clone()).or_insert(*document);
                return;
            }
            _ => return,
        };
        self.changes.push((entry.create_time, change));
    }

    /// The next change that came until this time.
    pub fn next_until(&mut self, at: Millis) -> Option<Change> {
        self.changes.pop_if(|(time, _)| *time <= at).map(|(_, change)| change)
    }

    /// The name of somebody.
    pub fn name(&self, user_id: &str) -> String {
        self.names.get(user_id).filter(|name| !name.is_empty()).map_or(user_id, String::as_str).to_owned()
    }
}
