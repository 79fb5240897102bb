//! The chapters of a video of a class: the pages that were shown, the questions, and the shared screens, as the log of the class
//! has them.

use std::collections::{HashMap, HashSet};

use super::board::FIRST_PAGE;
use super::online_recording;
use super::online_recording::Timetable;
use super::recording::Recording;
use super::{courseware, log};
use crate::clock::{Millis, millis};
use crate::db::Conn;
use crate::domain::content::document::ShownDocument;
use crate::domain::content::file::Address;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::classroom::log::{LogEntry, LogEvent};
use crate::store::ids::{ClassId, EnterpriseId};

/// How many chapters a video has at most.
const AT_MOST: usize = 1_000;
/// A page that is shown for a shorter time is no chapter: the teacher turned to another one.
const SHORTEST: Millis = 3_000;
/// How many entries of the log are read at a time.
const AT_ONCE: i64 = 1_000;

/// A chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// When it began in the class.
    pub time: Millis,
    /// Where it begins in the video.
    pub position: Millis,
    /// What it is.
    pub content: Content,
}

/// What a chapter is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A page of the board was shown.
    Page {
        /// The page, as the board names it.
        page: String,
        /// The document; empty for a whiteboard page.
        doc_id: String,
        /// The name of the document; empty for a whiteboard page.
        doc_name: String,
        /// The number of the page in its document, or of the whiteboard page, from 1.
        number: i64,
        /// The stored address of its thumbnail; empty for none.
        thumbnail: String,
    },
    /// A question was asked.
    Question {
        /// Its id.
        question_id: String,
        /// Who asked it.
        user_id: String,
    },
    /// Somebody shared a screen.
    Screen {
        /// The user.
        user_id: String,
        /// Their name.
        nickname: String,
    },
}

/// Returns the chapters of a video of a class, in their order, and the times of the class that it shows. A video that Lectern made
/// leaves pauses out.
///
/// # Errors
/// [`Error::Invalid`] when the class has no such video.
pub fn of_video(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    video_id: &str,
) -> Result<(Vec<Chapter>, Timetable)> {
    let video = store::classroom::recording::find(conn, enterprise_id, class_id, video_id)?;
    let video = video.ok_or_else(|| Error::invalid(Field::Video, Problem::NoVideo(video_id.to_owned())))?;
    let times = times(conn, &video)?;
    let documents = courseware::documents(conn, enterprise_id, class_id)?;
    let mut marks = Marks::new(documents);
    let mut last = 0;
    loop {
        let entries = log::after(conn, enterprise_id, class_id, last, AT_ONCE)?;
        let Some(end) = entries.last() else { break };
        last = end.sequence;
        for entry in entries {
            marks.take(entry);
        }
    }
    Ok((marks.within(&times), times))
}

/// The times in the class that a video shows.
fn times(conn: &mut Conn, video: &Recording) -> Result<Timetable> {
    if let Some(recording_id) = video.recording_id {
        let made_of = online_recording::get(conn, video.enterprise_id, recording_id)?;
        if let Some(recording) = made_of.filter(|_| video.video_type == WHOLE_CLASS) {
            return Ok(Timetable::of(&recording));
        }
    }
    Ok(Timetable::between(millis(video.start_time), millis(video.stop_time)))
}

/// The `video_type` of the whole class.
const WHOLE_CLASS: i64 = 2;

/// What is found in a log.
struct Marks {
    found: Vec<(Millis, Content)>,
    documents: HashMap<String, ShownDocument>,
    shown: String,
    asked: HashSet<String>,
    sharing: HashSet<String>,
}

impl Marks {
    fn new(documents: Vec<ShownDocument>) -> Self {
        let documents = documents.into_iter().map(|document| (document.doc_id.clone(), document)).collect();
        Self {
            found: Vec::new(),
            documents,
            shown: FIRST_PAGE.to_owned(),
            asked: HashSet::new(),
            sharing: HashSet::new(),
        }
    }

    fn take(&mut self, entry: LogEntry) {
        if self.found.is_empty() {
            let (page, number) = (FIRST_PAGE.to_owned(), 1);
            let [doc_id, doc_name, thumbnail] = [const { String::new() }; 3];
            self.found.push((Millis::MIN, Content::Page { page, doc_id, doc_name, number, thumbnail }));
        }
        let content = match entry.event {
            Some(LogEvent::Board { board }) if board.shown_page != self.shown => {
                let at = board.whiteboards.iter().position(|page| *page == board.shown_page);
                let number = at.and_then(|at| i64::try_from(at).ok()).map_or(0, |at| at + 1);
                self.shown.clone_from(&board.shown_page);
                let (doc_id, number) = match board.shown_page.rsplit_once('/') {
                    Some((doc_id, number)) => (doc_id.to_owned(), number.parse().unwrap_or_default()),
                    None => (String::new(), number),
                };
                let (doc_name, thumbnail) = (String::new(), String::new());
                Content::Page { page: board.shown_page, doc_id, doc_name, number, thumbnail }
            }
            Some(LogEvent::Question { question })
                if question.end_time.is_none() && self.asked.insert(question.question_id.clone()) =>
            {
                Content::Question { question_id: question.question_id, user_id: question.user_id }
            }
            Some(LogEvent::Member { member }) if member.screen == 0 => {
                self.sharing.remove(&member.user_id);
                return;
            }
            Some(LogEvent::Member { member }) if self.sharing.insert(member.user_id.clone()) => {
                Content::Screen { user_id: member.user_id, nickname: member.nickname }
            }
            Some(LogEvent::MemberLeft { user_id, .. }) => {
                self.sharing.remove(&user_id);
                return;
            }
            Some(LogEvent::Document { document }) => {
                // The class may not have it any more; what it is now is newer.
                self.documents.entry(document.doc_id.clone()).or_insert(*document);
                return;
            }
            _ => return,
        };
        self.found.push((entry.create_time, content));
    }

    /// The chapters of a video that shows these times. What is shown when it begins is its first chapter.
    fn within(self, times: &Timetable) -> Vec<Chapter> {
        let mut chapters: Vec<Chapter> = Vec::new();
        for (time, mut content) in self.found {
            let time = time.max(times.begin().saturating_sub(1));
            let position = times.in_video(time);
            let is_page = matches!(content, Content::Page { .. });
            // Of what was before the begin, only the page is still to be seen.
            if position >= times.length() || (position < 0 && !is_page) {
                continue;
            }
            let position = position.max(0);
            if is_page {
                chapters
                    .pop_if(|last| matches!(last.content, Content::Page { .. }) && position - last.position < SHORTEST);
            }
            complete(&self.documents, &mut content);
            chapters.push(Chapter { time: time.max(times.begin()), position, content });
        }
        chapters.truncate(AT_MOST);
        chapters
    }
}

/// Adds what the document of a page is called, and its thumbnail.
fn complete(documents: &HashMap<String, ShownDocument>, content: &mut Content) {
    let Content::Page { doc_id, doc_name, number, thumbnail, .. } = content else { return };
    let Some(document) = documents.get(doc_id) else { return };
    doc_name.clone_from(&document.doc_name);
    let position = usize::try_from(*number - 1).ok();
    let name = document.page_files.as_ref().zip(position).and_then(|(files, at)| files.thumbnails.get(at));
    if let Some((name, page)) = name.zip(Address::stored(&document.result)) {
        *thumbnail = Address::new(page.key().clone(), name.clone()).to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::classroom::board::BoardState;
    use crate::store::classroom::log::Audience;

    fn shows(at: Millis, page: &str) -> LogEntry {
        let board = BoardState { shown_page: page.into(), shown_step: 0, whiteboards: vec!["w1".into(), "w2".into()] };
        LogEntry { sequence: 1, audience: Audience::Everyone, event: Some(LogEvent::Board { board }), create_time: at }
    }

    fn chapters(entries: Vec<LogEntry>, times: &Timetable) -> Vec<(Millis, String, i64)> {
        let mut marks = Marks::new(Vec::new());
        for entry in entries {
            marks.take(entry);
        }
        let page = |chapter: Chapter| match chapter.content {
            Content::Page { page, number, .. } => (chapter.position, page, number),
            other => panic!("{other:?}"),
        };
        marks.within(times).into_iter().map(page).collect()
    }

    #[test]
    fn pages_are_chapters_from_the_one_at_the_begin_to_the_end() {
        let found = chapters(
            vec![shows(1_000, "w1"), shows(5_000, "d/2"), shows(20_000, "d/3"), shows(40_000, "w2")],
            &Timetable::between(10_000, 40_000),
        );
        assert_eq!(found, [(0, "d/2".into(), 2), (10_000, "d/3".into(), 3)]);
    }

    #[test]
    fn pages_that_are_only_turned_over_are_none() {
        let turned =
            vec![shows(0, "d/1"), shows(9_000, "d/2"), shows(10_000, "d/3"), shows(11_000, "d/4"), shows(30_000, "w2")];
        let found = chapters(turned, &Timetable::between(0, 60_000));
        assert_eq!(found, [(0, "d/1".into(), 1), (11_000, "d/4".into(), 4), (30_000, "w2".into(), 2)]);
        let found = chapters(vec![shows(20_000, "d/1")], &Timetable::between(0, 60_000));
        assert_eq!(found, [(0, "w1".into(), 1), (20_000, "d/1".into(), 1)], "the page that is shown at first");
    }

    #[test]
    fn another_step_of_a_page_is_no_chapter() {
        let found = chapters(vec![shows(0, "d/1"), shows(9_000, "d/1")], &Timetable::between(0, 60_000));
        assert_eq!(found, [(0, "d/1".into(), 1)]);
    }
}
