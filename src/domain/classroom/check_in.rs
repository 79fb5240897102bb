//! Check-ins: a moderator of the class starts one, and the users inside answer.

use std::collections::HashSet;

use super::notice::ClassAction;
use super::{class, log, member, notice, session};
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
    /// Who could answer, and when they did; `None` for those who did not. Moderators see everybody, others themselves.
    pub members: Vec<(String, Option<Millis>)>,
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
    if member::can_moderate(conn, class, report.by)? {
        return start(conn, class, report, now);
    }
    class::check_not_over(class)?;
    answer(conn, class, report.by, report.check_id.as_deref(), now)
}

/// Starts a check-in, and ends the previous one. If a check-in with this id exists, it is unchanged.
///
/// # Errors
/// [`Error::Forbidden`] when the reporter does not moderate the class; [`Error::ClassEnded`], [`Error::Invalid`].
pub(super) fn start(conn: &mut Conn, class: &Class, report: CheckInReport<'_>, now: Millis) -> Result<()> {
    let CheckInReport { by, check_id, time_limit } = report;
    member::check_moderator(conn, class, by)?;
    class::check_not_over(class)?;
    let new = NewCheckIn {
        enterprise_id: class.enterprise_id,
        class_id: class.class_id,
        check_id: check_id.unwrap_or_else(|| now.to_string()),
        user_id: by.to_owned(),
        start_time: now,
        time_limit: checked_limit(time_limit.unwrap_or(0))?,
    };
    begin(conn, class, &new)
}

/// Ends a check-in: the named one, or the last. Answers until then count. A check-in that has ended is unchanged.
///
/// # Errors
/// [`Error::Forbidden`] when `by` does not moderate the class; [`Error::Invalid`] when there is no such check-in.
pub(super) fn cancel(conn: &mut Conn, class: &Class, by: &str, check_id: Option<&str>, now: Millis) -> Result<()> {
    member::check_moderator(conn, class, by)?;
    let found = wanted(conn, class, check_id)?;
    if is_open(&found, class, now) { end(conn, class, &found, by, now) } else { Ok(()) }
}

/// Ends a check-in whose time limit has passed, unless it was ended before.
pub(super) fn time_out(conn: &mut Conn, class: &Class, check_id: &str, now: Millis) -> Result<()> {
    let Some(found) = store::classroom::check_in::find(conn, class.enterprise_id, class.class_id, check_id)? else {
        return Ok(());
    };
    let limit = found.start_time.saturating_add(found.time_limit);
    if found.end_time.is_some() || found.time_limit == 0 || limit > now {
        return Ok(());
    }
    let is_first_end = ends(&found, class) == Some(limit);
    store::classroom::check_in::end(conn, class.enterprise_id, found.id, limit)?;
    // The class may have ended before.
    if is_first_end { log_end(conn, class, &found, (&found.user_id, limit), now) } else { Ok(()) }
}

fn end(conn: &mut Conn, class: &Class, check_in: &CheckIn, by: &str, now: Millis) -> Result<()> {
    let time = ended(check_in.start_time, now);
    store::classroom::check_in::end(conn, class.enterprise_id, check_in.id, time)?;
    log_end(conn, class, check_in, (by, time), now)
}

fn log_end(conn: &mut Conn, class: &Class, ended: &CheckIn, (by, time): (&str, Millis), now: Millis) -> Result<()> {
    notice::publish(conn, class, by, ClassAction::CheckInEnded { check_id: ended.check_id.clone() }, now)?;
    log::check_in(conn, class, ended, Some(time), now)
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
        end(conn, class, &before, &new.user_id, now)?;
    }
    store::classroom::check_in::insert(conn, new)?;
    let NewCheckIn { check_id, start_time, time_limit, .. } = new.clone();
    notice::publish(conn, class, &new.user_id, ClassAction::CheckInBegan { check_id, start_time, time_limit }, now)?;
    match store::classroom::check_in::find(conn, enterprise_id, class_id, &new.check_id)? {
        Some(begun) => log::check_in(conn, class, &begun, None, now),
        None => Ok(()),
    }
}

fn answer(conn: &mut Conn, class: &Class, by: &str, check_id: Option<&str>, now: Millis) -> Result<()> {
    session::check_inside(conn, class.enterprise_id, class.class_id, by)?;
    let asked = wanted(conn, class, check_id)?;
    if !is_open(&asked, class, now) {
        return Err(Error::invalid(Field::CheckIn, Problem::Over(asked.check_id)));
    }
    let time = ended(asked.start_time, now);
    if store::classroom::check_in::check(conn, &asked, by, time)? {
        log::checked_in(conn, class, &asked.check_id, by, (time, now))?;
    }
    Ok(())
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

/// The last check-in of a class that still accepts answers.
pub(super) fn open(conn: &mut Conn, class: &Class, now: Millis) -> Result<Option<CheckIn>> {
    let open = store::classroom::check_in::open(conn, class.enterprise_id, class.class_id, now)?;
    Ok(open.filter(|check_in| is_open(check_in, class, now)))
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
    let answers = store::classroom::check_in::answers(conn, enterprise_id, class_id, &asked.check_id)?;
    let pupils = store::classroom::attendance::pupils(conn, enterprise_id, class_id)?;
    let (answered, count) = (answers.len(), pupils.len());
    // First those who answered, in that order.
    let missing: Vec<String> = {
        let there: HashSet<&str> = answers.iter().map(|(user_id, _)| user_id.as_str()).collect();
        pupils.into_iter().filter(|user_id| !there.contains(user_id.as_str())).collect()
    };
    let answers = answers.into_iter().map(|(user_id, time)| (user_id, Some(time)));
    let mut members: Vec<_> = answers.chain(missing.into_iter().map(|user_id| (user_id, None))).collect();
    if !member::can_moderate(conn, &class, by)? {
        members.retain(|(user_id, _)| user_id == by);
    }
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Ok(Sheet { ends: ends(&asked, &class), check_in: asked, members, answered: whole(answered), pupils: whole(count) })
}
