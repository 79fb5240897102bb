//! Questions that a moderator asks a class. The response to an answer shows the correct one, so the first answer of a user
//! counts. Of several answers to a question without a correct one, the last in time counts.

use serde_json::Value;

use super::actor::Actor;
pub use super::answer::options_of;
use super::answer::{is_right, options};
use super::notice::ClassAction;
use super::{class, log, member, notice, session};
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::classroom::class::Class;
use crate::store::classroom::question::NewQuestion;
pub use crate::store::classroom::question::{Question, Reply};

/// Maximum size of the options, and of an answer, in bytes of JSON.
const AT_MOST: usize = 16 * 1024;

/// A new question.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id, unique within the class.
    pub question_id: String,
    /// The options.
    pub options: Value,
    /// The correct answer; null when there is none.
    pub correct_answer: Value,
    /// The time limit in milliseconds; 0 for none.
    pub limit_time: Millis,
}

/// A question as a certain user may see it.
#[derive(Clone, Debug)]
pub struct View {
    /// The question, without the correct answer if the user may not see it yet.
    pub question: Question,
    /// When it ends or ended; `None` when it is open until it is ended.
    pub ends: Option<Millis>,
    /// Whether the user may see the correct answer.
    pub is_open_book: bool,
    /// Moderators see all answers, others their own.
    pub replies: Vec<Reply>,
    /// The number of answers …
    pub answered: i64,
    /// … and how many of them are correct; `None` while the user may not see that.
    pub right: Option<i64>,
    /// The number of pupils, reserved or seen, who could answer.
    pub pupils: i64,
}

/// Asks a class a question.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] when the actor does not moderate the class; [`Error::ClassEnded`];
/// [`Error::Invalid`].
pub fn launch(conn: &mut Conn, actor: Actor<'_>, draft: Draft, now: Millis) -> Result<()> {
    let Actor { enterprise_id, class_id, user_id: by } = actor;
    let class = class::lock(conn, enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    class::check_not_over(&class)?;
    let question_id = draft.question_id;
    if store::classroom::question::find(conn, enterprise_id, class_id, &question_id)?.is_some() {
        return Err(Error::invalid(Field::Question, Problem::AskedBefore(question_id)));
    }
    let new = NewQuestion {
        enterprise_id,
        class_id,
        question_id,
        user_id: by.to_owned(),
        options: json(Field::QuestionOptions, &draft.options)?,
        correct_answer: json(Field::CorrectAnswer, &draft.correct_answer)?,
        limit_time: draft.limit_time,
        launch_time: now,
    };
    store::classroom::question::insert(conn, &new)?;
    let NewQuestion { question_id, options, launch_time, limit_time, .. } = new;
    let asked = store::classroom::question::find(conn, enterprise_id, class_id, &question_id)?;
    let action = ClassAction::QuestionAsked { question_id, options, launch_time, limit_time };
    notice::publish(conn, &class, by, action, now)?;
    match asked {
        Some(asked) => log::asked(conn, &class, &asked, now),
        None => Ok(()),
    }
}

/// What ends a question before its class ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOfQuestion {
    /// A moderator cancels it.
    Cancelled,
    /// Its time limit passed, by the clock of the component of a moderator.
    TimedOut,
}

/// Ends a question. Answers given until then count. A question that has ended is unchanged.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] when the actor does not moderate the class; [`Error::Invalid`].
pub fn cancel(conn: &mut Conn, actor: Actor<'_>, question_id: &str, end: EndOfQuestion, now: Millis) -> Result<()> {
    let Actor { enterprise_id, class_id, user_id: by } = actor;
    let class = class::lock(conn, enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    let question = require(conn, &class, question_id)?;
    if is_over(&question, &class, now) {
        return time_out(conn, &class, question_id, now);
    }
    let time = ended(question.launch_time, now);
    store::classroom::question::cancel(conn, enterprise_id, question.id, time)?;
    let question_id = question.question_id.clone();
    let action = match end {
        EndOfQuestion::Cancelled => ClassAction::QuestionCancelled { question_id },
        EndOfQuestion::TimedOut => ClassAction::QuestionTimedOut { question_id },
    };
    notice::publish(conn, &class, by, action, now)?;
    log::question_ended(conn, &class, &question, time, now)
}

/// Ends a question whose time limit has passed, unless it was ended before.
pub(super) fn time_out(conn: &mut Conn, class: &Class, question_id: &str, now: Millis) -> Result<()> {
    let Some(found) = store::classroom::question::find(conn, class.enterprise_id, class.class_id, question_id)? else {
        return Ok(());
    };
    let limit = found.launch_time.saturating_add(found.limit_time);
    if found.cancel_time.is_some() || found.limit_time == 0 || limit > now {
        return Ok(());
    }
    let is_first_end = ends(&found, class) == Some(limit);
    store::classroom::question::cancel(conn, class.enterprise_id, found.id, limit)?;
    // The class may have ended before.
    if !is_first_end {
        return Ok(());
    }
    let action = ClassAction::QuestionTimedOut { question_id: found.question_id.clone() };
    notice::publish(conn, class, &found.user_id, action, now)?;
    log::question_ended(conn, class, &found, limit, now)
}

/// An answer to a question.
#[derive(Clone, Debug)]
pub struct QuestionAnswer<'a> {
    /// The question.
    pub question_id: &'a str,
    /// The client's id of the answer.
    pub reply_id: String,
    /// The chosen options.
    pub select: &'a Value,
}

/// Answers a question, and returns it with its correct answer. An answer to a question with a correct answer is final; the
/// same answer may be sent again. An answer to another question replaces an earlier one of the same user.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] for users who are not inside; [`Error::Invalid`], also when the
/// question has ended, or when the user gave another answer before.
pub fn reply(conn: &mut Conn, actor: Actor<'_>, answer: QuestionAnswer<'_>, now: Millis) -> Result<Question> {
    let Actor { enterprise_id, class_id, user_id: by } = actor;
    let QuestionAnswer { question_id, reply_id, select } = answer;
    let class = class::lock(conn, enterprise_id, class_id)?;
    session::check_inside(conn, enterprise_id, class_id, by)?;
    let question = require(conn, &class, question_id)?;
    if is_over(&question, &class, now) {
        return Err(Error::invalid(Field::Question, Problem::Over(question_id.to_owned())));
    }
    if has_right_answer(&question)
        && let Some(first) = store::classroom::question::reply_of(conn, &question, by)?
    {
        return if options_of(&first.reply_select) == options(select) {
            Ok(question)
        } else {
            Err(Error::invalid(Field::Question, Problem::AnsweredBefore(question_id.to_owned())))
        };
    }
    let create_time = ended(question.launch_time, now);
    let new = Reply {
        enterprise_id,
        class_id,
        question_id: question.question_id.clone(),
        user_id: by.to_owned(),
        reply_id,
        reply_select: json(Field::QuestionAnswer, select)?,
        is_right: is_right(&question.correct_answer, select),
        create_time,
    };
    store::classroom::question::reply(conn, &new)?;
    log::answered(conn, &class, &new, now)?;
    Ok(question)
}

/// The last question of a class that still accepts answers.
pub(super) fn open(conn: &mut Conn, class: &Class, now: Millis) -> Result<Option<Question>> {
    let open = store::classroom::question::open(conn, class.enterprise_id, class.class_id, now)?;
    Ok(open.filter(|question| !is_over(question, class, now)))
}

/// A question as the actor may see it: the named one, or the last. Moderators see the correct answer at any time, others
/// when the question has ended.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] when there is no such question.
pub fn view(conn: &mut Conn, actor: Actor<'_>, question_id: Option<&str>, now: Millis) -> Result<View> {
    let Actor { enterprise_id, class_id, user_id: by } = actor;
    let class = class::require(conn, enterprise_id, class_id)?;
    let mut question = match question_id {
        Some(question_id) => require(conn, &class, question_id)?,
        None => store::classroom::question::last(conn, enterprise_id, class_id)?
            .ok_or_else(|| Error::invalid(Field::Question, Problem::NothingAsked))?,
    };
    let is_moderator = member::can_moderate(conn, &class, by)?;
    let is_open_book = is_moderator || is_over(&question, &class, now);
    let mut replies = store::classroom::question::replies(conn, enterprise_id, class_id, &question.question_id)?;
    let answered = count(replies.iter());
    let right = is_open_book.then(|| count(replies.iter().filter(|reply| reply.is_right)));
    if !is_moderator {
        replies.retain(|reply| reply.user_id == by);
    }
    if !is_open_book {
        question.correct_answer.clear();
    }
    let pupils = store::classroom::attendance::count_pupils(conn, enterprise_id, class_id)?;
    Ok(View { ends: ends(&question, &class), question, is_open_book, replies, answered, right, pupils })
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

fn require(conn: &mut Conn, class: &Class, question_id: &str) -> Result<Question> {
    store::classroom::question::find(conn, class.enterprise_id, class.class_id, question_id)?
        .ok_or_else(|| Error::invalid(Field::Question, Problem::NoQuestion(question_id.to_owned())))
}

/// Whether a question has a correct answer, so that an answer to it is final.
pub(super) fn has_right_answer(question: &Question) -> bool {
    !options_of(&question.correct_answer).is_empty()
}

/// When a question ends or ended; `None` when it is open until it is ended.
pub(super) fn ends(question: &Question, class: &Class) -> Option<Millis> {
    class::end_of_answering(class, question.launch_time, question.limit_time, question.cancel_time)
}

fn is_over(question: &Question, class: &Class, now: Millis) -> bool {
    ends(question, class).is_some_and(|end| now >= end)
}

fn json(field: Field, value: &Value) -> Result<String> {
    let text = if value.is_null() { String::new() } else { value.to_string() };
    if text.len() > AT_MOST {
        return Err(Error::invalid(field, Problem::TooManyBytes { found: text.len(), max: AT_MOST }));
    }
    Ok(text)
}
