//! Coming into a class and leaving it.

mod beat;
mod ending;

use super::class;
use super::notice;
use super::notice::Notice;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::events::event;
use crate::domain::events::event::{EventPayload, Extra};
use crate::domain::tenancy::{secret, user};
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::classroom::class::{Class, Type};
use crate::store::classroom::session::{NewSession, Refresh};
pub use crate::store::classroom::session::{
    QuitReason, Seen, Session, count_inside, count_seen, inside, on_stage, seen,
};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::{Role, User};
pub use beat::{Alive, Heartbeat, alive, record, revive};
pub(in crate::domain) use ending::leave_all;
pub use ending::{GRACE, Overdue, allow, kick, overdue, sweep};

/// How many may be inside a class, a limit of the hosted product.
const AT_MOST: i64 = 10_000;

/// Which devices somebody comes with: 1 open, 0 shut.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the devices")]
pub struct Devices {
    pub camera: i64,
    pub mic: i64,
    pub speaker: i64,
}

/// Somebody is inside.
#[derive(Clone, Debug)]
pub struct Joined {
    /// As what.
    pub role: Role,
    /// Their stay before, as it was.
    pub before: Option<Session>,
}

/// A classroom component: on whose behalf, and with which token it speaks.
#[derive(Clone, Debug)]
pub struct Component {
    /// Who signed in on it.
    pub user_id: String,
    /// Of their token: a device has one of its own.
    pub token_hash: String,
    /// How long a stay lasts after a sign of life.
    pub lease: Millis,
}

/// How somebody comes in.
#[derive(Clone, Copy)]
struct Arrival<'a> {
    devices: Devices,
    /// Nothing for a signed call of the enterprise's back end.
    component: Option<&'a Component>,
}

/// Lets a registered user in, at the word of the enterprise's back end. Who is inside already stays inside, with the devices
/// given; a component there goes on to be the one that has to give signs of life.
///
/// # Errors
/// In this order: [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::ClassEnded`], [`Error::WrongClassPassword`],
/// [`Error::NotReserved`], [`Error::Banned`], [`Error::TooEarly`], [`Error::ClassFull`].
pub fn join(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    user_id: &str,
    password: &str,
    devices: Devices,
    now: Millis,
) -> Result<Joined> {
    let class = class::lock(conn, enterprise.enterprise_id, class_id)?;
    admit(conn, enterprise, &class, user_id, password, Arrival { devices, component: None }, now)
}

/// Lets a component in, whose stay then lasts while it gives signs of life. A stay on another device ends as replaced, one
/// of this component in another class as moved; one that a signed call opened becomes that of the component.
///
/// # Errors
/// As [`join`].
pub fn join_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    component: &Component,
    password: &str,
    devices: Devices,
    now: Millis,
) -> Result<Joined> {
    let (enterprise_id, user_id) = (enterprise.enterprise_id, component.user_id.as_str());
    // One device of a person after the other: of two that come at once, one has to see the other.
    store::tenancy::user::lock(conn, enterprise_id, user_id)?;
    let elsewhere = store::classroom::session::classes_of(conn, enterprise_id, &component.token_hash)?;
    let mut class_ids: Vec<i64> = elsewhere.into_iter().filter(|id| *id != class_id).collect();
    class_ids.sort_unstable();
    // In one order everywhere, so that no two wait for one another.
    let (lower, higher): (Vec<i64>, Vec<i64>) = class_ids.iter().partition(|id| **id < class_id);
    for lower in lower {
        store::classroom::class::lock(conn, enterprise_id, lower)?;
    }
    let class = class::lock(conn, enterprise_id, class_id)?;
    for higher in higher {
        store::classroom::class::lock(conn, enterprise_id, higher)?;
    }
    for left in class_ids {
        if let Some(session) = store::classroom::session::opened_by(conn, enterprise_id, left, &component.token_hash)? {
            ending::close(conn, enterprise, session, now, QuitReason::Moved)?;
        }
    }
    admit(conn, enterprise, &class, user_id, password, Arrival { devices, component: Some(component) }, now)
}

fn admit(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class: &Class,
    user_id: &str,
    password: &str,
    arrival: Arrival<'_>,
    now: Millis,
) -> Result<Joined> {
    let (enterprise_id, class_id) = (enterprise.enterprise_id, class.class_id);
    let user = user::require(conn, enterprise_id, user_id)?;
    check_open(class, password)?;
    let reserved = store::classroom::member::role(conn, enterprise_id, class_id, user_id)?;
    if reserved.is_none() && class.class_type != Type::Public {
        return Err(Error::NotReserved { user_id: user_id.to_owned(), class_id });
    }
    if store::classroom::ban::exists(conn, enterprise_id, class_id, user_id)? {
        return Err(Error::Banned { user_id: user_id.to_owned(), class_id });
    }
    enter(conn, enterprise, class, &user, reserved.unwrap_or(user.role), arrival, now)
}

/// Lets somebody without an account into a public class and makes a user for them.
///
/// # Errors
/// In this order: [`Error::UnknownClass`], [`Error::Forbidden`] when the class is not public, then as [`join`].
pub fn join_as_visitor(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    nickname: Option<String>,
    password: &str,
    now: Millis,
) -> Result<user::Ticket> {
    let class = class::lock(conn, enterprise.enterprise_id, class_id)?;
    class::check_public(&class)?;
    check_open(&class, password)?;
    let ticket = user::create_visitor(conn, enterprise.enterprise_id, nickname, now)?;
    let visitor = user::require(conn, enterprise.enterprise_id, &ticket.user_id)?;
    let arrival = Arrival { devices: Devices::default(), component: None };
    enter(conn, enterprise, &class, &visitor, Role::Visitor, arrival, now)?;
    Ok(ticket)
}

fn check_open(class: &Class, password: &str) -> Result<()> {
    class::check_not_over(class)?;
    match &class.password_hash {
        Some(stored) if !secret::is_class_password(stored, password) => Err(Error::WrongClassPassword(class.class_id)),
        _ => Ok(()),
    }
}

fn enter(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class: &Class,
    user: &User,
    role: Role,
    arrival: Arrival<'_>,
    now: Millis,
) -> Result<Joined> {
    let class_id = class.class_id;
    let opens = class.start_time - class::OPENS_BEFORE;
    if enterprise.strict_schedule && matches!(role, Role::Student | Role::Visitor) && now < opens {
        return Err(Error::TooEarly { class_id, opens });
    }
    let before = store::classroom::session::last(conn, enterprise.enterprise_id, class_id, &user.user_id)?;
    let Arrival { devices: Devices { camera, mic, speaker }, component } = arrival;
    let lease_from = |seen: Millis| component.map(|component| seen.saturating_add(component.lease));
    if let Some(open) = before.clone().filter(|session| session.quit_time.is_none()) {
        if goes_on(&open, component, now) {
            let seen = now.max(open.last_seen);
            // A back end says nothing of whether the component lives.
            let last_seen = (component.is_some() || open.lease_until.is_none()).then_some(seen);
            let lease_until = lease_from(seen);
            let token_hash = component.map(|component| component.token_hash.clone());
            let refreshed = Refresh { role, camera, mic, speaker, last_seen, token_hash, lease_until };
            store::classroom::session::refresh(conn, &open, &refreshed)?;
            store::classroom::session::note(conn, &open, (open.camera, open.mic), (camera, mic), now)?;
            return Ok(Joined { role, before });
        }
        ending::end(conn, enterprise, open, now, QuitReason::Replaced)?;
    }
    check_room(conn, class, user)?;
    // Silence outlives the stay, else leaving and coming back would lift it; a hand raised before does not.
    let silenced_at_first =
        i64::from(class.settings.enable_all_silence == 1 && matches!(role, Role::Student | Role::Visitor));
    let new = NewSession {
        enterprise_id: enterprise.enterprise_id,
        class_id,
        user_id: user.user_id.clone(),
        role,
        ordinal: before.as_ref().map_or(1, |session| session.ordinal + 1),
        enter_time: now,
        last_seen: now,
        camera,
        mic,
        speaker,
        silence: before.as_ref().map_or(silenced_at_first, |session| session.silence),
        hand_up: 0,
        token_hash: component.map(|component| component.token_hash.clone()),
        lease_until: lease_from(now),
    };
    store::classroom::session::insert(conn, &new)?;
    notice::tell(conn, class, Notice::Entered(&new.user_id), now)?;
    // Most come with neither, and their stay need not be looked up.
    if (camera, mic) != (0, 0)
        && let Some(session) =
            store::classroom::session::open_of(conn, enterprise.enterprise_id, class_id, &new.user_id)?
    {
        store::classroom::session::note(conn, &session, (0, 0), (camera, mic), now)?;
    }
    tell(
        conn,
        enterprise,
        class_id,
        Extra::JoinClass,
        EventPayload::Joined { user_id: new.user_id, role, time: now },
        now,
    )?;
    Ok(Joined { role, before })
}

/// Whether an open stay is that of who comes: not of another device, nor of a component that has been silent too long.
fn goes_on(open: &Session, component: Option<&Component>, now: Millis) -> bool {
    match (component, &open.token_hash) {
        (Some(component), Some(token_hash)) => component.token_hash == *token_hash,
        (Some(_), None) => true,
        (None, _) => open.lease_until.is_none_or(|until| until >= now.saturating_sub(GRACE)),
    }
}

/// Whether one more may come in. Those who give the class always may: without them there is none.
fn check_room(conn: &mut Conn, class: &Class, user: &User) -> Result<()> {
    if class::host_role(&class.teacher_id, &class.assistant_id, &user.user_id).is_some() {
        return Ok(());
    }
    let room = if class.max_member_num > 0 { class.max_member_num.min(AT_MOST) } else { AT_MOST };
    if store::classroom::session::count_inside(conn, class.enterprise_id, class.class_id)? >= room {
        return Err(Error::ClassFull(class.class_id));
    }
    Ok(())
}

/// Lets somebody out, at the word of the enterprise's back end; who is not inside is out already.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`].
pub fn quit(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, user_id: &str, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    class::lock(conn, enterprise_id, class_id)?;
    user::require(conn, enterprise_id, user_id)?;
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(session) => ending::end(conn, enterprise, session, now, QuitReason::Quit),
        None => Ok(()),
    }
}

/// Whether somebody is inside a class.
pub(in crate::domain) fn check_inside(conn: &mut Conn, enterprise_id: i64, class_id: i64, user_id: &str) -> Result<()> {
    match store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        Some(_) => Ok(()),
        None => Err(Error::Forbidden(Forbidden::NotInside { user_id: user_id.to_owned(), class_id })),
    }
}

/// Lets a component out. One that is out already, or whose person is inside on another device by now, changes nothing.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn quit_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    component: &Component,
    now: Millis,
) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    class::lock(conn, enterprise_id, class_id)?;
    match store::classroom::session::opened_by(conn, enterprise_id, class_id, &component.token_hash)? {
        Some(session) => ending::close(conn, enterprise, session, now, QuitReason::Quit),
        None => Ok(()),
    }
}

fn tell_left(conn: &mut Conn, enterprise: &Enterprise, session: Session, time: Millis, now: Millis) -> Result<()> {
    let fact = EventPayload::Left { user_id: session.user_id, role: session.role, time };
    tell(conn, enterprise, session.class_id, Extra::QuitClass, fact, now)
}

/// Writes an event down for an enterprise that asked for its kind.
fn tell(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    kind: Extra,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    if enterprise.callback_events.contains(&kind) {
        event::record_in_class(conn, enterprise, class_id, fact, now)?;
    }
    Ok(())
}
