//! What the log of a class says of its check-ins and questions.
//!
//! Pupils learn neither the correct answer nor who answered what before the question has ended, so such entries are for those
//! who moderate the class only.

use std::collections::BTreeMap;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::answer::options_of;
use crate::domain::classroom::class::rules::end_of_answering;
use crate::store;
use crate::store::classroom::check_in::CheckIn;
use crate::store::classroom::class::Class;
use crate::store::classroom::log::{AnswerState, Audience, CheckInState, LogEvent, Outcome, QuestionState};
use crate::store::classroom::question::{Question, Reply};

/// How many options a result counts, the most frequent first: an answer is any JSON.
const COUNTED: usize = 100;
/// How many characters an option has that a result counts.
const OPTION_CHARS: usize = 64;

/// Appends that a check-in was started, or ended at this time.
pub(in crate::domain) fn check_in(
    conn: &mut Conn,
    class: &Class,
    check_in: &CheckIn,
    end: Option<Millis>,
    now: Millis,
) -> Result<()> {
    append(conn, class, &Audience::Everyone, &LogEvent::CheckIn { check_in: CheckInState::of(check_in, end) }, now)
}

/// Appends that a user answered a check-in: for those who moderate the class, and for the user.
pub(in crate::domain) fn checked_in(
    conn: &mut Conn,
    class: &Class,
    check_id: &str,
    user_id: &str,
    (time, now): (Millis, Millis),
) -> Result<()> {
    let event = LogEvent::CheckedIn { check_id: check_id.to_owned(), user_id: user_id.to_owned(), time };
    append(conn, class, &Audience::Moderators, &event, now)?;
    append(conn, class, &Audience::Users(vec![user_id.to_owned()]), &event, now)
}

/// Appends that a question was asked: the question for everybody, and the correct answer for those who moderate the class.
pub(in crate::domain) fn asked(conn: &mut Conn, class: &Class, question: &Question, now: Millis) -> Result<()> {
    if !has_log(conn, class)? {
        return Ok(());
    }
    let event = LogEvent::Question { question: QuestionState::of(question, None, None) };
    append(conn, class, &Audience::Everyone, &event, now)?;
    let outcome = Some(outcome(conn, class, question, &[])?);
    let event = LogEvent::Question { question: QuestionState::of(question, None, outcome) };
    append(conn, class, &Audience::Moderators, &event, now)
}

/// Appends an answer to a question: for those who moderate the class, and for the user, who does not learn from it whether the
/// answer is correct.
pub(in crate::domain) fn answered(conn: &mut Conn, class: &Class, reply: &Reply, now: Millis) -> Result<()> {
    let answer = AnswerState::from(reply);
    let own = LogEvent::QuestionAnswered { answer: AnswerState { is_right: None, ..answer.clone() } };
    append(conn, class, &Audience::Users(vec![reply.user_id.clone()]), &own, now)?;
    append(conn, class, &Audience::Moderators, &LogEvent::QuestionAnswered { answer }, now)
}

/// Appends that a question ended at this time, with what came of it.
pub(in crate::domain) fn question_ended(
    conn: &mut Conn,
    class: &Class,
    question: &Question,
    end: Millis,
    now: Millis,
) -> Result<()> {
    if !has_log(conn, class)? {
        return Ok(());
    }
    let replies =
        store::classroom::question::replies(conn, class.enterprise_id, class.class_id, &question.question_id)?;
    let outcome = Some(outcome(conn, class, question, &replies)?);
    let event = LogEvent::Question { question: QuestionState::of(question, Some(end), outcome) };
    append(conn, class, &Audience::Everyone, &event, now)
}

/// Appends the ends of the check-ins and questions that are open while the class ends.
pub(in crate::domain) fn ended_with_class(conn: &mut Conn, class: &Class, now: Millis) -> Result<()> {
    if !has_log(conn, class)? {
        return Ok(());
    }
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    if let Some(open) = store::classroom::check_in::open(conn, enterprise_id, class_id, now)? {
        let end = end_of_answering(class, open.start_time, open.time_limit, open.end_time);
        check_in(conn, class, &open, end, now)?;
    }
    for open in store::classroom::question::all_open(conn, enterprise_id, class_id, now)? {
        let end = end_of_answering(class, open.launch_time, open.limit_time, open.cancel_time);
        question_ended(conn, class, &open, end.unwrap_or(now), now)?;
    }
    Ok(())
}

/// What came of a question.
pub(in crate::domain) fn outcome(
    conn: &mut Conn,
    class: &Class,
    question: &Question,
    replies: &[Reply],
) -> Result<Outcome> {
    let pupils = store::classroom::attendance::count_pupils(conn, class.enterprise_id, class.class_id)?;
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for option in replies.iter().flat_map(|reply| options_of(&reply.reply_select)) {
        *counts.entry(option).or_default() += 1;
    }
    counts.retain(|option, _| option.chars().count() <= OPTION_CHARS);
    let mut counts: Vec<(String, i64)> = counts.into_iter().collect();
    // Stable, so that of equally frequent options the first ones by name stay.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(COUNTED);
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(Outcome {
        correct_answer: question.correct_answer.clone(),
        answered: number(replies.len()),
        right: number(replies.iter().filter(|reply| reply.is_right).count()),
        pupils,
        counts: counts.into_iter().collect(),
    })
}

fn has_log(conn: &mut Conn, class: &Class) -> Result<bool> {
    Ok(store::classroom::log::last_sequence(conn, class.enterprise_id, class.class_id)?.is_some())
}

fn append(conn: &mut Conn, class: &Class, audience: &Audience, event: &LogEvent, now: Millis) -> Result<()> {
    store::classroom::log::append(conn, (class.enterprise_id, class.class_id), audience, event, now)?;
    Ok(())
}
