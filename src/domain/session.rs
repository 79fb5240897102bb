//! Coming into a class and leaving it.

use super::event::{self, Extra, Fact};
use super::{Error, Result, class, secret, user};
use crate::clock::Millis;
use crate::db::Conn;
use crate::store;
use crate::store::class::{Class, Status, Type};
use crate::store::enterprise::Enterprise;
use crate::store::session::NewSession;
pub use crate::store::session::{QuitReason, Seen, Session, count_inside, count_seen, inside, on_stage, seen};
use crate::store::user::{Role, User};

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

/// Lets a registered user in. Who is inside already stays inside, with the devices given.
///
/// # Errors
/// In this order: [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::ClassEnded`], [`Error::WrongClassPassword`],
/// [`Error::NotReserved`], [`Error::TooEarly`], [`Error::ClassFull`].
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
    let user = user::known(conn, enterprise.enterprise_id, user_id)?;
    check_open(&class, password)?;
    let reserved = store::member::role(conn, enterprise.enterprise_id, class_id, user_id)?;
    if reserved.is_none() && class.class_type != Type::Public {
        return Err(Error::NotReserved { user_id: user_id.to_owned(), class_id });
    }
    enter(conn, enterprise, &class, &user, reserved.unwrap_or(user.role), devices, now)
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
    if class.class_type != Type::Public {
        return Err(Error::Forbidden(format!("class_id {class_id}: visitors may enter public classes only")));
    }
    check_open(&class, password)?;
    let ticket = user::create_visitor(conn, enterprise.enterprise_id, nickname, now)?;
    let visitor = user::known(conn, enterprise.enterprise_id, &ticket.user_id)?;
    enter(conn, enterprise, &class, &visitor, Role::Visitor, Devices::default(), now)?;
    Ok(ticket)
}

fn check_open(class: &Class, password: &str) -> Result<()> {
    if class.class_status == Status::End {
        return Err(Error::ClassEnded(class.class_id));
    }
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
    devices: Devices,
    now: Millis,
) -> Result<Joined> {
    let class_id = class.class_id;
    let opens = class.start_time - class::OPENS_BEFORE;
    if enterprise.strict_schedule && matches!(role, Role::Student | Role::Visitor) && now < opens {
        return Err(Error::TooEarly { class_id, opens });
    }
    let before = store::session::last(conn, enterprise.enterprise_id, class_id, &user.user_id)?;
    if let Some(open) = before.as_ref().filter(|stay| stay.quit_time.is_none()) {
        let Devices { camera, mic, speaker } = devices;
        let refreshed = Session { role, last_seen: now, camera, mic, speaker, ..open.clone() };
        store::session::refresh(conn, &refreshed)?;
        return Ok(Joined { role, before });
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
        ordinal: before.as_ref().map_or(1, |stay| stay.ordinal + 1),
        enter_time: now,
        last_seen: now,
        camera: devices.camera,
        mic: devices.mic,
        speaker: devices.speaker,
        silence: before.as_ref().map_or(silenced_at_first, |stay| stay.silence),
        hand_up: 0,
    };
    store::session::insert(conn, &new)?;
    tell(conn, enterprise, class_id, Extra::JoinClass, Fact::Joined { user_id: new.user_id, role, time: now }, now)?;
    Ok(Joined { role, before })
}

/// Whether one more may come in. Those who give the class always may: without them there is none.
fn check_room(conn: &mut Conn, class: &Class, user: &User) -> Result<()> {
    if class::giver(&class.teacher_id, &class.assistant_id, &user.user_id).is_some() {
        return Ok(());
    }
    let room = if class.max_member_num > 0 { class.max_member_num.min(AT_MOST) } else { AT_MOST };
    if store::session::count_inside(conn, class.enterprise_id, class.class_id)? >= room {
        return Err(Error::ClassFull(class.class_id));
    }
    Ok(())
}

/// Lets somebody out; who is not inside is out already.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`].
pub fn quit(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, user_id: &str, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    class::lock(conn, enterprise_id, class_id)?;
    user::known(conn, enterprise_id, user_id)?;
    match store::session::last(conn, enterprise_id, class_id, user_id)? {
        Some(stay) if stay.quit_time.is_none() => {
            store::session::close(conn, &stay, now, QuitReason::Quit)?;
            tell_left(conn, enterprise, stay, now)
        }
        _ => Ok(()),
    }
}

/// Lets everybody out, because the class ends.
pub(super) fn leave_all(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, now: Millis) -> Result<()> {
    let told = enterprise.callback_events.contains(&Extra::QuitClass);
    let stays = if told { store::session::open(conn, enterprise.enterprise_id, class_id)? } else { Vec::new() };
    store::session::close_all(conn, enterprise.enterprise_id, class_id, now, QuitReason::ClassEnded)?;
    stays.into_iter().try_for_each(|stay| tell_left(conn, enterprise, stay, now))
}

fn tell_left(conn: &mut Conn, enterprise: &Enterprise, stay: Session, now: Millis) -> Result<()> {
    let fact = Fact::Left { user_id: stay.user_id, role: stay.role, time: now };
    tell(conn, enterprise, stay.class_id, Extra::QuitClass, fact, now)
}

/// Writes an event down for an enterprise that asked for its kind.
fn tell(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, kind: Extra, fact: Fact, now: Millis) -> Result<()> {
    if enterprise.callback_events.contains(&kind) {
        event::record_in_class(conn, enterprise, class_id, fact, now)?;
    }
    Ok(())
}
