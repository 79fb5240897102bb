//! Somebody who follows a class: what they know of it from a snapshot and the events after it. Each look compares that with a
//! new snapshot, as data.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use lectern::db::Conn;
use lectern::domain;
use lectern::domain::classroom::board::BoardState;
use lectern::domain::classroom::chat::ChatMessage;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::Status;
use lectern::domain::classroom::log;
use lectern::domain::classroom::log::{
    AnswerState, Audience, CheckInState, ClassState, LogEntry, LogEvent, MemberState, QuestionState, RecordingMark,
};
use lectern::domain::classroom::member;
use lectern::domain::classroom::question::options_of;
use lectern::domain::classroom::snapshot;
use lectern::domain::classroom::snapshot::{LastQuestion, MESSAGES, OpenCheckIn, Snapshot};
use lectern::domain::classroom::timer::Timer;
use lectern::domain::content::document::ShownDocument;
use lectern::domain::ids::{ClassId, EnterpriseId};

use crate::support::service::{Enterprise, Service};

/// The people who follow a class, and the number of the last entry that they know.
pub struct Followers<'a> {
    service: &'a Service,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    last: i64,
    viewers: Vec<Viewer>,
}

/// What one of them knows.
struct Viewer {
    user_id: String,
    state: ViewerState,
}

/// The state of a class, as a follower has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ViewerState {
    class: ClassState,
    members: BTreeMap<String, MemberState>,
    total: i64,
    check_in: Option<OpenCheckIn>,
    question: Option<LastQuestion>,
    documents: Vec<ShownDocument>,
    board: BoardState,
    timer: Option<Timer>,
    recording: RecordingMark,
    messages: Vec<ChatMessage>,
}

impl From<Snapshot> for ViewerState {
    fn from(snapshot: Snapshot) -> Self {
        let Snapshot {
            class,
            members,
            members_total,
            check_in,
            mut question,
            documents,
            board,
            timer,
            recording,
            messages,
            ..
        } = snapshot;
        if let Some(last) = &mut question {
            // Who answers learns it from the reply.
            last.is_final = false;
            // Events do not say how many pupils there are as they come.
            if let Some(outcome) = &mut last.question.outcome {
                outcome.pupils = 0;
            }
        }
        let members = members.into_iter().map(|member| (member.user_id.clone(), member)).collect();
        let messages = messages.into_iter().map(without_sender).collect();
        Self { class, members, total: members_total, check_in, question, documents, board, timer, recording, messages }
    }
}

impl ViewerState {
    fn apply(&mut self, event: LogEvent, (viewer, is_moderator): (&str, bool)) {
        match event {
            LogEvent::Member { member } => drop(self.members.insert(member.user_id.clone(), member)),
            LogEvent::MemberLeft { user_id, .. } => drop(self.members.remove(&user_id)),
            LogEvent::AllSilence { is_silenced } => {
                for member in self.members.values_mut().filter(|member| !member.role.can_moderate()) {
                    member.silence = i64::from(is_silenced);
                }
            }
            LogEvent::Class { class } => {
                if class.class_status == Status::End {
                    self.members.clear();
                }
                self.class = class;
            }
            LogEvent::CheckIn { check_in } => self.check_in(check_in, is_moderator),
            LogEvent::CheckedIn { check_id, user_id, .. } => {
                let Some(open) = self.check_in.as_mut().filter(|open| open.check_in.check_id == check_id) else {
                    return;
                };
                open.is_checked |= user_id == viewer;
                if let Some(users) = &mut open.checked_users
                    && !users.contains(&user_id)
                {
                    users.push(user_id);
                }
            }
            LogEvent::Question { question } => self.question(question, is_moderator),
            LogEvent::QuestionAnswered { answer } => self.answered(answer, viewer),
            LogEvent::Board { board } => self.board = board,
            LogEvent::Timer { timer } => self.timer = timer,
            LogEvent::Recording { recording } => self.recording = recording,
            // Snapshots leave out the command group, which has the number of the class.
            LogEvent::Message { message } if message.group_id == self.class.class_id.to_string() => {}
            LogEvent::Message { message } => {
                self.messages.push(without_sender(*message));
                let too_many = self.messages.len().saturating_sub(usize::try_from(MESSAGES).unwrap());
                self.messages.drain(..too_many);
            }
            LogEvent::MessageRecalled { message_id, user_id } => {
                for message in self.messages.iter_mut().filter(|message| message.message_id == message_id) {
                    message.content.clear();
                    message.recalled_by.clone_from(&user_id);
                }
            }
            LogEvent::Document { document } => {
                match self.documents.iter_mut().find(|other| other.doc_id == document.doc_id) {
                    Some(other) => *other = *document,
                    None => self.documents.push(*document),
                }
            }
            LogEvent::DocumentRemoved { doc_id } => self.documents.retain(|other| other.doc_id != doc_id),
            _ => {}
        }
        self.total = i64::try_from(self.members.len()).unwrap();
    }

    fn check_in(&mut self, check_in: CheckInState, is_moderator: bool) {
        let is_same = self.check_in.as_ref().is_some_and(|open| open.check_in.check_id == check_in.check_id);
        match check_in.end_time {
            Some(_) if is_same => self.check_in = None,
            None if !is_same => {
                let checked_users = is_moderator.then(Vec::new);
                self.check_in = Some(OpenCheckIn { check_in, is_checked: false, checked_users });
            }
            _ => {}
        }
    }

    fn question(&mut self, mut question: QuestionState, is_moderator: bool) {
        let previous = self.question.take();
        let is_same = previous.as_ref().is_some_and(|open| open.question.question_id == question.question_id);
        // One that was asked before ends.
        if question.end_time.is_some() && !is_same {
            self.question = previous;
            return;
        }
        if let Some(outcome) = &mut question.outcome {
            outcome.pupils = 0;
        }
        let previous = previous.filter(|_| is_same);
        let answer = previous.as_ref().and_then(|open| open.answer.clone());
        let answers = previous.and_then(|open| open.answers).or(is_moderator.then(Vec::new));
        self.question = Some(LastQuestion { question, answer, is_final: false, answers });
    }

    fn answered(&mut self, answer: AnswerState, viewer: &str) {
        let Some(open) = self.question.as_mut().filter(|open| open.question.question_id == answer.question_id) else {
            return;
        };
        let Some(answers) = &mut open.answers else {
            assert_eq!((answer.user_id.as_str(), answer.is_right), (viewer, None), "pupils learn nothing of others");
            open.answer = Some(answer);
            return;
        };
        // A moderator who answers receives the answer twice; the second time in full.
        if answer.is_right.is_none() {
            return;
        }
        if answer.user_id == viewer {
            open.answer = Some(answer.clone());
        }
        answers.retain(|earlier| earlier.user_id != answer.user_id);
        answers.push(answer);
        let outcome = open.question.outcome.as_mut().unwrap();
        outcome.answered = i64::try_from(answers.len()).unwrap();
        outcome.right = i64::try_from(answers.iter().filter(|answer| answer.is_right == Some(true)).count()).unwrap();
        outcome.counts.clear();
        for option in answers.iter().flat_map(|answer| options_of(&answer.select)) {
            *outcome.counts.entry(option).or_default() += 1;
        }
    }
}

impl<'a> Followers<'a> {
    /// These users begin to follow a class.
    pub async fn of(enterprise: &Enterprise<'a>, class_id: i64, user_ids: &[&str]) -> Self {
        let (enterprise_id, class_id) = (EnterpriseId(enterprise.enterprise_id), ClassId(class_id));
        let service = enterprise.service;
        service.app.db.write(move |conn| log::start(conn, enterprise_id, class_id)).await.unwrap();
        let mut followers = Self { service, enterprise_id, class_id, last: 0, viewers: Vec::new() };
        for user_id in user_ids {
            let (_, _, seen) = followers.read(user_id).await;
            followers.last = seen.sequence;
            followers.viewers.push(Viewer { user_id: (*user_id).to_owned(), state: seen.into() });
        }
        followers
    }

    /// Whether somebody moderates the class, the new entries, and a snapshot with them.
    async fn read(&self, user_id: &str) -> (bool, Vec<LogEntry>, Snapshot) {
        let (enterprise_id, class_id, last, now) =
            (self.enterprise_id, self.class_id, self.last, self.service.clock.now());
        let user_id = user_id.to_owned();
        let read = move |conn: &mut Conn| {
            let class = class::require(conn, enterprise_id, class_id)?;
            let is_moderator = member::check_moderator(conn, &class, &user_id).is_ok();
            let entries = log::after(conn, enterprise_id, class_id, last, 10_000)?;
            let seen = snapshot::snapshot(conn, enterprise_id, class_id, &user_id, now)?;
            Ok::<_, domain::Error>((is_moderator, entries, seen))
        };
        self.service.app.db.read_slow(read).await.unwrap()
    }

    /// The new entries in short, after comparing the state of each follower with a snapshot.
    pub async fn look(&mut self) -> Vec<String> {
        let (mut texts, mut last) = (Vec::new(), self.last);
        for at in 0..self.viewers.len() {
            let user_id = self.viewers[at].user_id.clone();
            let (is_moderator, entries, seen) = self.read(&user_id).await;
            (texts, last) = (entries.iter().map(short).collect(), seen.sequence);
            let state = &mut self.viewers[at].state;
            for entry in entries.into_iter().filter(|entry| entry.audience.has(&user_id, is_moderator)) {
                state.apply(entry.event.unwrap(), (&user_id, is_moderator));
            }
            assert_eq!(*state, ViewerState::from(seen), "the state of {user_id} after {texts:?}, and the snapshot");
        }
        self.last = last;
        texts
    }

    /// The new entries that somebody receives, as they are stored. They count as seen only with [`Self::look`].
    pub async fn entries(&self, user_id: &str) -> Vec<LogEvent> {
        let (is_moderator, entries, _) = self.read(user_id).await;
        let received = entries.into_iter().filter(|entry| entry.audience.has(user_id, is_moderator));
        received.map(|entry| entry.event.unwrap()).collect()
    }

    /// How many classes have a log, and how many entries the logs have.
    pub async fn stored_in(service: &Service) -> (i64, i64) {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            rows: i64,
        }
        let count = |table: &'static str| async move {
            let statement = format!("SELECT count(*) AS rows FROM {table}");
            let read = move |conn: &mut Conn| {
                let mut rows: Vec<Count> = diesel::sql_query(statement).load(conn)?;
                Ok::<_, domain::Error>(rows.remove(0).rows)
            };
            service.app.db.read_slow(read).await.unwrap()
        };
        (count("live_classes").await, count("log_entries").await)
    }

    /// As [`Self::stored_in`], of the service.
    pub async fn stored(&self) -> (i64, i64) {
        Self::stored_in(self.service).await
    }

    /// What a follower knows of somebody inside.
    pub fn member(&self, user_id: &str) -> &MemberState {
        &self.viewers[0].state.members[user_id]
    }
}

/// A message without the name, the picture and the role of its sender: they are those of the time when it is read.
fn without_sender(message: ChatMessage) -> ChatMessage {
    ChatMessage { nickname: String::new(), avatar: String::new(), role: None, ..message }
}

/// An entry in words.
fn short(entry: &LogEntry) -> String {
    let over = |end: Option<i64>| if end.is_some() { "over" } else { "open" };
    let event = match entry.event.as_ref().unwrap() {
        LogEvent::Member { member } => format!("member {}", member.user_id),
        LogEvent::MemberLeft { user_id, reason } => format!("left {user_id} {reason}"),
        LogEvent::AllSilence { is_silenced } => format!("all silent {is_silenced}"),
        LogEvent::Class { class } => format!("class {}", class.class_status),
        LogEvent::CheckIn { check_in } => format!("check-in {} {}", check_in.check_id, over(check_in.end_time)),
        LogEvent::CheckedIn { check_id, user_id, .. } => format!("checked in {check_id} {user_id}"),
        LogEvent::Question { question } => format!("question {} {}", question.question_id, over(question.end_time)),
        LogEvent::QuestionAnswered { answer } => format!("answered {} {}", answer.question_id, answer.user_id),
        LogEvent::Control { notice } => {
            let notice = serde_json::to_value(notice).unwrap();
            format!("control {}", notice["action"].as_str().unwrap())
        }
        #[allow(unreachable_patterns, reason = "events of other parts of a class")]
        _ => "other".to_owned(),
    };
    match &entry.audience {
        Audience::Everyone => event,
        Audience::Moderators => format!("{event} (moderators)"),
        Audience::Users(user_ids) => format!("{event} ({})", user_ids.join(", ")),
    }
}
