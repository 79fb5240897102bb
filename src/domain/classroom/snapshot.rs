//! The whole state of a class as somebody who follows it may see it, at one number of its log. Events with higher numbers
//! lead on from there.

use super::board::BoardState;
use super::chat::ChatMessage;
use super::timer::Timer;
use super::{board, chat, check_in, class, courseware, log, member, online_recording, question, timer};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::content::document::ShownDocument;
use crate::store;
use crate::store::classroom::class::Class;
use crate::store::classroom::log::{
    AnswerState, CheckInState, ClassState, MemberState, Outcome, QuestionState, RecordingMark,
};
use crate::store::ids::{ClassId, EnterpriseId};

/// How many people a snapshot has at most.
pub const PEOPLE: i64 = 500;
/// How many messages a snapshot has at most.
pub const MESSAGES: i64 = 50;

/// The state of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The number of the last event that it contains.
    pub sequence: i64,
    /// The class.
    pub class: ClassState,
    /// The people inside, in the order in which they entered: at most [`PEOPLE`], the viewer among them.
    pub members: Vec<MemberState>,
    /// How many are inside.
    pub members_total: i64,
    /// The check-in that accepts answers.
    pub check_in: Option<OpenCheckIn>,
    /// The question that was asked last, also after its end.
    pub question: Option<LastQuestion>,
    /// The last messages that the viewer sees, at most [`MESSAGES`], the newest last.
    pub messages: Vec<ChatMessage>,
    /// The documents of the class, in the order in which it got them.
    pub documents: Vec<ShownDocument>,
    /// The state of the board.
    pub board: BoardState,
    /// The timer.
    pub timer: Option<Timer>,
    /// Whether the class is recorded now.
    pub recording: RecordingMark,
}

/// A check-in that accepts answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCheckIn {
    /// The check-in.
    pub check_in: CheckInState,
    /// Whether the viewer has answered it.
    pub is_checked: bool,
    /// Who has answered it, in the order of their answers. Only for those who moderate the class.
    pub checked_users: Option<Vec<String>>,
}

/// The question that was asked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastQuestion {
    /// The question. While it accepts answers, only those who moderate the class get what came of it.
    pub question: QuestionState,
    /// The viewer's own answer.
    pub answer: Option<AnswerState>,
    /// Whether the viewer can't change that answer any more.
    pub is_final: bool,
    /// All answers, in the order in which they were given. Only for those who moderate the class.
    pub answers: Option<Vec<AnswerState>>,
}

/// The state of a class for a viewer. The connection must have one snapshot for all its statements.
///
/// # Errors
/// [`Error::UnknownClass`](crate::domain::Error::UnknownClass).
pub fn snapshot(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    viewer: &str,
    now: Millis,
) -> Result<Snapshot> {
    let sequence = log::last_sequence(conn, enterprise_id, class_id)?;
    let class = class::require(conn, enterprise_id, class_id)?;
    let is_moderator = member::can_moderate(conn, &class, viewer)?;
    let people = store::classroom::session::people(conn, enterprise_id, class_id, viewer, PEOPLE)?;
    Ok(Snapshot {
        sequence,
        members: people.iter().map(|(session, user)| MemberState::of(session, user.as_ref())).collect(),
        members_total: store::classroom::session::count_inside(conn, enterprise_id, class_id)?,
        check_in: open_check_in(conn, &class, (viewer, is_moderator), now)?,
        question: last_question(conn, &class, (viewer, is_moderator), now)?,
        messages: chat::last(conn, &class, viewer, MESSAGES)?.messages,
        documents: courseware::documents(conn, enterprise_id, class_id)?,
        board: board::state(conn, enterprise_id, class_id)?,
        timer: timer::find(conn, enterprise_id, class_id)?,
        recording: online_recording::mark_of(conn, enterprise_id, class_id)?,
        class: (&class).into(),
    })
}

fn open_check_in(
    conn: &mut Conn,
    class: &Class,
    (viewer, is_moderator): (&str, bool),
    now: Millis,
) -> Result<Option<OpenCheckIn>> {
    let Some(open) = check_in::open(conn, class, now)? else { return Ok(None) };
    let answers = store::classroom::check_in::answers(conn, class.enterprise_id, class.class_id, &open.check_id)?;
    Ok(Some(OpenCheckIn {
        check_in: CheckInState::of(&open, None),
        is_checked: answers.iter().any(|(user_id, _)| user_id == viewer),
        checked_users: is_moderator.then(|| answers.into_iter().map(|(user_id, _)| user_id).collect()),
    }))
}

fn last_question(
    conn: &mut Conn,
    class: &Class,
    (viewer, is_moderator): (&str, bool),
    now: Millis,
) -> Result<Option<LastQuestion>> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    let Some(last) = store::classroom::question::last(conn, enterprise_id, class_id)? else { return Ok(None) };
    let end = question::ends(&last, class).filter(|end| now >= *end);
    let mut answer = store::classroom::question::reply_of(conn, &last, viewer)?.as_ref().map(AnswerState::from);
    let is_final = answer.is_some() && (end.is_some() || question::has_right_answer(&last));
    if !is_moderator {
        answer = answer.map(|answer| AnswerState { is_right: None, ..answer });
    }
    if !is_moderator && end.is_none() {
        let question = QuestionState::of(&last, None, None);
        return Ok(Some(LastQuestion { question, answer, is_final, answers: None }));
    }
    let replies = store::classroom::question::replies(conn, enterprise_id, class_id, &last.question_id)?;
    let outcome: Outcome = log::outcome(conn, class, &last, &replies)?;
    Ok(Some(LastQuestion {
        question: QuestionState::of(&last, end, Some(outcome)),
        answer,
        is_final,
        answers: is_moderator.then(|| replies.iter().map(AnswerState::from).collect()),
    }))
}
