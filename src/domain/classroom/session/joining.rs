//! Coming into a class.

use super::component::Component;
use super::ending;
use super::ending::GRACE;
use super::event::tell;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::classroom::notice;
use crate::domain::classroom::notice::Notice;
use crate::domain::events::event::{EventPayload, Extra};
use crate::domain::tenancy::{secret, user};
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::class::{Class, Type};
use crate::store::classroom::session::{NewSession, QuitReason, Refresh, Session};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::{Role, User};

/// How many may be inside a class, a limit of the hosted product.
const AT_MOST: i64 = 10_000;

/// Which devices somebody comes with: open or not.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the devices")]
pub struct Devices {
    pub camera: bool,
    pub mic: bool,
    pub speaker: bool,
}

/// Somebody wants to come in.
#[derive(Clone, Copy, Debug)]
pub struct JoinRequest<'a> {
    /// Who.
    pub user_id: &'a str,
    /// The component they come with; nothing for a signed call of the enterprise's back end.
    pub component: Option<&'a Component>,
    /// The password of the class, as given.
    pub password: &'a str,
    /// Their devices.
    pub devices: Devices,
}

impl<'a> JoinRequest<'a> {
    /// A user comes in at the word of the enterprise's back end, without a password and with all devices shut.
    #[must_use]
    pub fn of_user(user_id: &'a str) -> Self {
        Self { user_id, component: None, password: "", devices: Devices::default() }
    }

    /// A component comes in for its user, without a password and with all devices shut.
    #[must_use]
    pub fn of_component(component: &'a Component) -> Self {
        Self { component: Some(component), ..Self::of_user(&component.user_id) }
    }
}

/// Somebody is inside.
#[derive(Clone, Debug)]
pub struct Joined {
    /// As what.
    pub role: Role,
    /// Their stay before, as it was.
    pub before: Option<Session>,
}

/// Lets somebody in.
///
/// A registered user comes in at the word of the enterprise's back end. Who is inside already stays inside, with the devices
/// given; a component there goes on to be the one that has to give signs of life.
///
/// The session of a component lasts while it gives signs of life. A session on another device ends as replaced, one of this
/// component in another class as moved; one that a signed call opened becomes that of the component.
///
/// # Errors
/// In this order: [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::ClassEnded`], [`Error::WrongClassPassword`],
/// [`Error::NotReserved`], [`Error::Banned`], [`Error::TooEarly`], [`Error::ClassFull`].
pub fn join(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    request: JoinRequest<'_>,
    now: Millis,
) -> Result<Joined> {
    let class = match request.component {
        Some(component) => leave_others(conn, enterprise, class_id, component, now)?,
        None => rules::lock(conn, enterprise.enterprise_id, class_id)?,
    };
    Admission { enterprise, class: &class, now }.admit(conn, request)
}

/// Ends the sessions of a component in other classes, and locks the class that it comes into.
fn leave_others(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    component: &Component,
    now: Millis,
) -> Result<Class> {
    let enterprise_id = enterprise.enterprise_id;
    // One device of a person after the other: of two that come at once, one has to see the other.
    store::tenancy::user::lock(conn, enterprise_id, &component.user_id)?;
    let elsewhere = store::classroom::session::classes_of(conn, enterprise_id, &component.token_hash)?;
    let mut class_ids: Vec<i64> = elsewhere.into_iter().filter(|id| *id != class_id).collect();
    class_ids.sort_unstable();
    // In one order everywhere, so that no two wait for one another.
    let (lower, higher): (Vec<i64>, Vec<i64>) = class_ids.iter().partition(|id| **id < class_id);
    for lower in lower {
        store::classroom::class::lock(conn, enterprise_id, lower)?;
    }
    let class = rules::lock(conn, enterprise_id, class_id)?;
    for higher in higher {
        store::classroom::class::lock(conn, enterprise_id, higher)?;
    }
    for left in class_ids {
        if let Some(session) = store::classroom::session::opened_by(conn, enterprise_id, left, &component.token_hash)? {
            ending::close(conn, enterprise, session, now, QuitReason::Moved)?;
        }
    }
    Ok(class)
}

/// A visitor wants to come in.
#[derive(Clone, Debug)]
pub struct VisitorRequest<'a> {
    /// The name shown.
    pub nickname: Option<String>,
    /// The password of the class, as given.
    pub password: &'a str,
}

/// Lets somebody without an account into a public class and makes a user for them.
///
/// # Errors
/// In this order: [`Error::UnknownClass`], [`Error::Forbidden`] when the class is not public, then as [`join`].
pub fn join_as_visitor(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    request: VisitorRequest<'_>,
    now: Millis,
) -> Result<user::Ticket> {
    let class = rules::lock(conn, enterprise.enterprise_id, class_id)?;
    rules::check_public(&class)?;
    check_open(&class, request.password)?;
    let ticket = user::create_visitor(conn, enterprise.enterprise_id, request.nickname, now)?;
    let visitor = user::require(conn, enterprise.enterprise_id, &ticket.user_id)?;
    let admission = Admission { enterprise, class: &class, now };
    admission.enter(conn, &visitor, Role::Visitor, JoinRequest::of_user(&visitor.user_id))?;
    Ok(ticket)
}

fn check_open(class: &Class, password: &str) -> Result<()> {
    rules::check_not_over(class)?;
    match &class.password_hash {
        Some(stored) if !secret::is_class_password(stored, password) => Err(Error::WrongClassPassword(class.class_id)),
        _ => Ok(()),
    }
}

/// A class that is locked, and what decides who may come in.
struct Admission<'a> {
    enterprise: &'a Enterprise,
    class: &'a Class,
    now: Millis,
}

impl Admission<'_> {
    fn admit(&self, conn: &mut Conn, request: JoinRequest<'_>) -> Result<Joined> {
        let (enterprise_id, class_id) = (self.enterprise.enterprise_id, self.class.class_id);
        let user_id = request.user_id;
        let user = user::require(conn, enterprise_id, user_id)?;
        check_open(self.class, request.password)?;
        let reserved = store::classroom::member::role(conn, enterprise_id, class_id, user_id)?;
        if reserved.is_none() && self.class.class_type != Type::Public {
            return Err(Error::NotReserved { user_id: user_id.to_owned(), class_id });
        }
        if store::classroom::ban::exists(conn, enterprise_id, class_id, user_id)? {
            return Err(Error::Banned { user_id: user_id.to_owned(), class_id });
        }
        self.enter(conn, &user, reserved.unwrap_or(user.role), request)
    }

    fn enter(&self, conn: &mut Conn, user: &User, role: Role, request: JoinRequest<'_>) -> Result<Joined> {
        let class_id = self.class.class_id;
        let opens = self.class.start_time - rules::OPENS_BEFORE;
        if self.enterprise.strict_schedule && matches!(role, Role::Student | Role::Visitor) && self.now < opens {
            return Err(Error::TooEarly { class_id, opens });
        }
        let before = store::classroom::session::last(conn, self.enterprise.enterprise_id, class_id, &user.user_id)?;
        let JoinRequest { devices, component, .. } = request;
        let [camera, mic, speaker] = [devices.camera, devices.mic, devices.speaker].map(i64::from);
        let lease_from = |seen: Millis| component.map(|component| seen.saturating_add(component.lease));
        if let Some(open) = before.clone().filter(|session| session.quit_time.is_none()) {
            if goes_on(&open, component, self.now) {
                let seen = self.now.max(open.last_seen);
                // A back end says nothing of whether the component lives.
                let last_seen = (component.is_some() || open.lease_until.is_none()).then_some(seen);
                let lease_until = lease_from(seen);
                let token_hash = component.map(|component| component.token_hash.clone());
                let refreshed = Refresh { role, camera, mic, speaker, last_seen, token_hash, lease_until };
                store::classroom::session::refresh(conn, &open, &refreshed)?;
                store::classroom::session::note(conn, &open, (open.camera, open.mic), (camera, mic), self.now)?;
                return Ok(Joined { role, before });
            }
            ending::end(conn, self.enterprise, open, self.now, QuitReason::Replaced)?;
        }
        check_room(conn, self.class, user)?;
        // Silence outlives the stay, else leaving and coming back would lift it; a hand raised before does not.
        let silenced_at_first =
            i64::from(self.class.settings.enable_all_silence == 1 && matches!(role, Role::Student | Role::Visitor));
        let new = NewSession {
            enterprise_id: self.enterprise.enterprise_id,
            class_id,
            user_id: user.user_id.clone(),
            role,
            ordinal: before.as_ref().map_or(1, |session| session.ordinal + 1),
            enter_time: self.now,
            last_seen: self.now,
            camera,
            mic,
            speaker,
            silence: before.as_ref().map_or(silenced_at_first, |session| session.silence),
            hand_up: 0,
            token_hash: component.map(|component| component.token_hash.clone()),
            lease_until: lease_from(self.now),
        };
        store::classroom::session::insert(conn, &new)?;
        notice::send(conn, self.class, &Notice::Entered { user_id: new.user_id.clone() }, self.now)?;
        // Most come with neither, and their stay need not be looked up.
        if (camera, mic) != (0, 0)
            && let Some(session) =
                store::classroom::session::open_of(conn, self.enterprise.enterprise_id, class_id, &new.user_id)?
        {
            store::classroom::session::note(conn, &session, (0, 0), (camera, mic), self.now)?;
        }
        tell(
            conn,
            self.enterprise,
            class_id,
            Extra::JoinClass,
            &EventPayload::Joined { user_id: new.user_id, role, time: self.now },
            self.now,
        )?;
        Ok(Joined { role, before })
    }
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
    if rules::host_role(&class.teacher_id, &class.assistant_id, &user.user_id).is_some() {
        return Ok(());
    }
    let room = if class.max_member_num > 0 { class.max_member_num.min(AT_MOST) } else { AT_MOST };
    if store::classroom::session::count_inside(conn, class.enterprise_id, class.class_id)? >= room {
        return Err(Error::ClassFull(class.class_id));
    }
    Ok(())
}
