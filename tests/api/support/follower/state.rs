//! The state of a class as a follower has it: that of a snapshot, changed by each event after it.

use std::collections::BTreeMap;

use lectern::domain::classroom::board::BoardState;
use lectern::domain::classroom::chat::ChatMessage;
use lectern::domain::classroom::class::Status;
use lectern::domain::classroom::log::{
    AnswerState, CheckInState, ClassState, LogEvent, MemberState, QuestionState, RecordingMark,
};
use lectern::domain::classroom::question::options_of;
use lectern::domain::classroom::snapshot::{LastQuestion, MESSAGES, OpenCheckIn, Snapshot};
use lectern::domain::classroom::timer::Timer;
use lectern::domain::content::document::ShownDocument;

/// The state of a class, as a follower has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerState {
    class: ClassState,
    pub members: BTreeMap<String, MemberState>,
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
    pub fn apply(&mut self, event: LogEvent, (viewer, is_moderator): (&str, bool)) {
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

/// A message without the name, the picture and the role of its sender: they are those of the time when it is read.
fn without_sender(message: ChatMessage) -> ChatMessage {
    ChatMessage { nickname: String::new(), avatar: String::new(), role: None, ..message }
}
