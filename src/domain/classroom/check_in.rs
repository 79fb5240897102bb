//! Check-ins: a moderator of the class starts one, and the users inside answer.

use super::{class, member, session};
use crate::clock::{Millis, ended, millis};
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
pub use crate::store::classroom::check_in::CheckIn;
use crate::store::classroom::check_in::NewCheckIn;
use crate::store::classroom::class::Class;
use crate::store::ids::{ClassId, EnterpriseId};

/// Maximum time limit, in seconds.
const LONGEST: i64 = 86_400;

/// A check-in with its results.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The check-in.
    pub check_in: CheckIn,
    /// When it ends or ended; `None` when it is open until it is ended.
    pub ends: Option<Millis>,
    /// Who answered and when. Moderators see all answers, others their own.
    pub answers: Vec<(String, Millis)>,
    /// The number of answers.
    pub answered: i64,
    /// The number of pupils, reserved or seen, who could answer.
    pub pupils: i64,
}

/// A report of the event `check_in`.
#[derive(Clone, Debug)]
pub(in crate::domain) struct CheckInReport<'a> {
    /// The reporter.
    pub by: &'a str,
    /// The check-in.
    pub check_id: Option<String>,
    /// The time limit of a new check-in, in seconds.
    pub time_limit: Option<i64>,
}

/// Handles a report of `check_in`. A moderator's report starts a check-in and ends the previous one; if a check-in with
/// this id exists, it is unchanged. A report of any other user answers the named check-in, or the last one.
///
/// # Errors
/// [`Error::ClassEnded`], [`Error::Invalid`].
pub(in crate::domain) fn reported(
    conn: &mut Conn,
    class: &Class,
    report: CheckInReport<'_>,
    now: Millis,
) -> Result<()> {
    class::check_not_over(class)?;
    let CheckInReport { by, check_id, time_limit } = report;
    if member::can_moderate(conn, class, by)? {
        let new = NewCheckIn {
            enterprise_id: class.enterprise_id,
            class_id: class.class_id,
            check_id: check_id.unwrap_or_else(|| now.to_string()),
            user_id: by.to_owned(),
            start_time: now,
            time_limit: checked_limit(time_limit.unwrap_or(0))?,
        };
        begin(conn, class, &new)
    } else {
        answer(conn, class, by, check_id.as_deref(), now)
    }
}

fn checked_limit(time_limit: i64) -> Result<Millis> {
    if !(0..=LONGEST).contains(&time_limit) {
        return Err(Error::invalid(
            Field::CheckInLimit,
            Problem::NotWithin { value: time_limit, min: 0, max: LONGEST },
        ));
    }
    Ok(millis(time_limit))
}

fn begin(conn: &mut Conn, class: &Class, new: &NewCheckIn) -> Result<()> {
    let NewCheckIn { enterprise_id, class_id, start_time: now, .. } = *new;
    if store::classroom::check_in::find(conn, enterprise_id, class_id, &new.check_id)?.is_some() {
        return Ok(());
    }
    if let Some(before) = store::classroom::check_in::last(conn, enterprise_id, class_id)?
        && is_open(&before, class, now)
    {
        store::classroom::check_in::end(conn, enterprise_id, before.id, ended(before.start_time, now))?;
    }
    Ok(store::classroom::check_in::insert(conn, new)?)
}

fn answer(conn: &mut Conn, class: &Class, by: &str, check_id: Option<&str>, now: Millis) -> Result<()> {
    session::check_inside(conn, class.enterprise_id, class.class_id, by)?;
    let asked = wanted(conn, class, check_id)?;
    if !is_open(&asked, class, now) {
        return Err(Error::invalid(Field::CheckIn, Problem::Over(asked.check_id)));
    }
    Ok(store::classroom::check_in::check(conn, &asked, by, ended(asked.start_time, now))?)
}

fn wanted(conn: &mut Conn, class: &Class, check_id: Option<&str>) -> Result<CheckIn> {
    let Class { enterprise_id, class_id, .. } = *class;
    let found = match check_id {
        Some(check_id) => store::classroom::check_in::find(conn, enterprise_id, class_id, check_id)?,
        None => store::classroom::check_in::last(conn, enterprise_id, class_id)?,
    };
    found.ok_or_else(|| Error::invalid(Field::CheckIn, Problem::NoCheckIn))
}

fn ends(check_in: &CheckIn, class: &Class) -> Option<Millis> {
    class::end_of_answering(class, check_in.start_time, check_in.time_limit, check_in.end_time)
}

fn is_open(check_in: &CheckIn, class: &Class, now: Millis) -> bool {
    ends(check_in, class).is_none_or(|end| now < end)
}

/// A check-in as `by` may see it: the named one, or the last.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] when there is no such check-in.
pub fn result(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    by: &str,
    check_id: Option<&str>,
) -> Result<Sheet> {
    let class = class::require(conn, enterprise_id, class_id)?;
    let asked = wanted(conn, &class, check_id)?;
    let mut answers = store::classroom::check_in::answers(conn, enterprise_id, class_id, &asked.check_id)?;
    let answered = i64::try_from(answers.len()).unwrap_or(i64::MAX);
    if !member::can_moderate(conn, &class, by)? {
        answers.retain(|(user_id, _)| user_id == by);
    }
    let pupils = store::classroom::attendance::count_pupils(conn, enterprise_id, class_id)?;
    Ok(Sheet { ends: ends(&asked, &class), check_in: asked, answers, answered, pupils })
}
