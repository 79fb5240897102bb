//! The timer of a class. It runs by the clock of the server.

use super::actor::Actor;
use super::log::{Audience, LogEvent};
use super::{class, log, member};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
pub use crate::store::classroom::timer::{Timer, TimerState};
use crate::store::ids::{ClassId, EnterpriseId};

/// Minimum duration, in milliseconds.
pub const SHORTEST: Millis = 1_000;
/// Maximum duration, in milliseconds.
pub const LONGEST: Millis = 86_400_000;

/// Starts a timer with this duration in place of the one that is there. Without a duration, a paused timer goes on, and a
/// running one is unchanged.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] for those who don't moderate the class;
/// [`Error::Invalid`] for a duration that is too short or too long, and when there is no timer that could go on.
pub fn start(conn: &mut Conn, actor: Actor<'_>, duration: Option<Millis>, now: Millis) -> Result<()> {
    let before = lock(conn, actor)?;
    let invalid = |problem| Error::invalid(Field::TimerDuration, problem);
    let timer = match (duration, before) {
        (Some(duration), _) => {
            if !(SHORTEST..=LONGEST).contains(&duration) {
                return Err(invalid(Problem::NotWithin { value: duration, min: SHORTEST, max: LONGEST }));
            }
            Timer { start_time: now, duration, remaining: 0, state: TimerState::Running }
        }
        (None, None) => return Err(invalid(Problem::NoTimer)),
        (None, Some(Timer { state: TimerState::Running, .. })) => return Ok(()),
        (None, Some(Timer { duration, remaining, .. })) => {
            Timer { start_time: now - (duration - remaining), duration, remaining: 0, state: TimerState::Running }
        }
    };
    set(conn, actor, timer, now)
}

/// Pauses the timer. One that is paused or has run out is unchanged.
///
/// # Errors
/// As [`start`]; [`Error::Invalid`] when there is no timer.
pub fn pause(conn: &mut Conn, actor: Actor<'_>, now: Millis) -> Result<()> {
    let Some(timer) = lock(conn, actor)? else { return Err(Error::invalid(Field::Class, Problem::NoTimer)) };
    let remaining = (timer.start_time.saturating_add(timer.duration) - now).min(timer.duration);
    if timer.state == TimerState::Paused || remaining <= 0 {
        return Ok(());
    }
    set(conn, actor, Timer { remaining, state: TimerState::Paused, ..timer }, now)
}

/// Removes the timer, if there is one.
///
/// # Errors
/// As [`start`].
pub fn remove(conn: &mut Conn, actor: Actor<'_>, now: Millis) -> Result<()> {
    lock(conn, actor)?;
    if store::classroom::timer::delete(conn, actor.enterprise_id, actor.class_id)? {
        append(conn, actor, None, now)?;
    }
    Ok(())
}

/// The timer of a class.
///
/// # Errors
/// Only those of the database.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Timer>> {
    Ok(store::classroom::timer::find(conn, enterprise_id, class_id)?)
}

/// Locks the class for somebody who moderates it, and returns its timer.
fn lock(conn: &mut Conn, actor: Actor<'_>) -> Result<Option<Timer>> {
    let class = class::lock(conn, actor.enterprise_id, actor.class_id)?;
    member::check_moderator(conn, &class, actor.user_id)?;
    class::check_not_over(&class)?;
    find(conn, actor.enterprise_id, actor.class_id)
}

fn set(conn: &mut Conn, actor: Actor<'_>, timer: Timer, now: Millis) -> Result<()> {
    store::classroom::timer::set(conn, actor.enterprise_id, actor.class_id, timer)?;
    append(conn, actor, Some(timer), now)
}

fn append(conn: &mut Conn, actor: Actor<'_>, timer: Option<Timer>, now: Millis) -> Result<()> {
    let class = (actor.enterprise_id, actor.class_id);
    log::append(conn, class, &Audience::Everyone, &LogEvent::Timer { timer }, now)?;
    Ok(())
}
