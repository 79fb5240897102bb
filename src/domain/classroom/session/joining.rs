//! Entering a class.

use super::component::Component;
use super::ending;
use super::ending::GRACE;
use super::event::publish_if_subscribed;
use super::places;
use crate::clock::{Millis, ended};
use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::classroom::log;
use crate::domain::classroom::notice;
use crate::domain::classroom::notice::Notice;
use crate::domain::classroom::visitor;
use crate::domain::classroom::visitor::Stranger;
use crate::domain::events::event::EventPayload;
use crate::domain::tenancy::{secret, user};
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::candidate::Candidate;
use crate::store::classroom::class::{Class, Type};
use crate::store::classroom::session::{NewSession, QuitReason, Refresh, Session};
use crate::store::ids::ClassId;
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::Role;

/// The devices that are on when a user enters.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the devices")]
pub struct Devices {
    pub camera: bool,
    pub mic: bool,
    pub speaker: bool,
}

/// A request to enter a class.
#[derive(Clone, Copy, Debug)]
pub struct JoinRequest<'a> {
    /// The user.
    pub user_id: &'a str,
    /// The component that enters; `None` for a signed call of the enterprise's back end.
    pub component: Option<&'a Component>,
    /// The password of the class as the user gave it.
    pub password: &'a str,
    /// The state of their devices.
    pub devices: Devices,
    /// Whether they follow the class from now on, so that its log starts.
    pub follows: bool,
}

impl<'a> JoinRequest<'a> {
    /// The back end lets a user enter, without a password and with all devices off.
    #[must_use]
    pub fn of_user(user_id: &'a str) -> Self {
        Self { user_id, component: None, password: "", devices: Devices::default(), follows: false }
    }

    /// A component enters for its user, without a password and with all devices off.
    #[must_use]
    pub fn of_component(component: &'a Component) -> Self {
        Self { component: Some(component), ..Self::of_user(&component.user_id) }
    }
}

/// The result of entering.
#[derive(Clone, Debug)]
pub struct Joined {
    /// Their role in the class.
    pub role: Role,
    /// Their previous session, as it was before.
    pub before: Option<Session>,
}

/// Lets a user enter a class.
///
/// A signed call of the enterprise's back end lets a registered user enter. A user who is inside stays inside and gets the
/// given device states. The session stays with its component, which must go on sending heartbeats.
///
/// The session of a component lasts while it sends heartbeats. A session on another device ends as replaced. A session
/// of this component in another class ends as moved. A session that a signed call opened is taken over by the
/// component.
///
/// # Errors
/// In this order: [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::ClassEnded`], [`Error::WrongClassPassword`],
/// [`Error::NotReserved`], [`Error::Banned`], [`Error::TooEarly`], [`Error::ClassFull`]. A visitor gets
/// [`Error::UnknownClass`] for a class that is not public, and [`Error::Forbidden`] or [`Error::Invalid`] for an account
/// that is not good for this class.
pub fn join(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    request: JoinRequest<'_>,
    now: Millis,
) -> Result<Joined> {
    let class = match request.component {
        Some(component) => leave_others(conn, enterprise, class_id, component, now)?,
        None => rules::lock(conn, enterprise.enterprise_id, class_id)?,
    };
    Admission { enterprise, class: &class, now }.admit(conn, request)
}

/// Ends the sessions of a component in other classes, and locks the class that it enters.
fn leave_others(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    component: &Component,
    now: Millis,
) -> Result<Class> {
    let enterprise_id = enterprise.enterprise_id;
    // Serializes the devices of a user: of two that enter at once, one must see the other.
    store::tenancy::user::lock(conn, enterprise_id, &component.user_id)?;
    let elsewhere = store::classroom::session::classes_of(conn, enterprise_id, &component.token_hash)?;
    let mut class_ids: Vec<ClassId> = elsewhere.into_iter().filter(|id| *id != class_id).collect();
    class_ids.sort_unstable();
    // All transactions lock classes in the order of their ids, which prevents deadlocks.
    let (lower, higher): (Vec<ClassId>, Vec<ClassId>) = class_ids.iter().partition(|id| **id < class_id);
    for lower in lower {
        store::classroom::class::lock(conn, enterprise_id, lower)?;
    }
    let class = rules::lock(conn, enterprise_id, class_id)?;
    for higher in higher {
        store::classroom::class::lock(conn, enterprise_id, higher)?;
    }
    for left in class_ids {
        if let Some(session) = store::classroom::session::opened_by(conn, enterprise_id, left, &component.token_hash)? {
            ending::close(conn, enterprise, &session, now, QuitReason::Moved)?;
        }
    }
    Ok(class)
}

/// A request of a visitor to enter a class.
#[derive(Clone, Debug)]
pub struct VisitorRequest<'a> {
    /// The display name.
    pub nickname: Option<String>,
    /// The password of the class as the visitor gave it.
    pub password: &'a str,
    /// The client, or `None` for a signed call of the enterprise's back end.
    pub stranger: Option<Stranger>,
    /// How long the session lasts after a heartbeat, in milliseconds.
    pub lease: Millis,
}

/// Lets a visitor, who has no account, enter a public class, and creates a user for them. The session lasts while
/// heartbeats with the `user_token` come.
///
/// # Errors
/// In this order: [`Error::UnknownClass`], [`Error::Forbidden`] when the class is not public (for a stranger
/// [`Error::UnknownClass`]), [`Error::ClassEnded`], [`Error::WrongClassPassword`]; for a stranger [`Error::Forbidden`]
/// when they were put out before, and [`Error::Invalid`] for the name; then as [`join`].
pub fn join_as_visitor(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    request: VisitorRequest<'_>,
    now: Millis,
) -> Result<user::Ticket> {
    let class = rules::lock(conn, enterprise.enterprise_id, class_id)?;
    visitor::check_public(&class, request.stranger.as_ref())?;
    check_open(&class, request.password)?;
    let ticket = visitor::create(conn, &class, request.nickname, request.stranger.as_ref(), now)?;
    let user = user::require(conn, enterprise.enterprise_id, &ticket.user_id)?;
    let admission = Admission { enterprise, class: &class, now };
    let component = Component {
        user_id: ticket.user_id.clone(),
        token_hash: secret::hash_token(&ticket.user_token),
        lease: request.lease,
    };
    let candidate = Candidate { user, reserved: None, is_banned: false, last: None };
    admission.enter(conn, candidate, JoinRequest::of_component(&component))?;
    Ok(ticket)
}

fn check_open(class: &Class, password: &str) -> Result<()> {
    rules::check_not_over(class)?;
    match &class.password_hash {
        Some(stored) if !secret::is_class_password(stored, password) => Err(Error::WrongClassPassword(class.class_id)),
        _ => Ok(()),
    }
}

/// The context of an admission to a class. The class is locked.
struct Admission<'a> {
    enterprise: &'a Enterprise,
    class: &'a Class,
    now: Millis,
}

impl Admission<'_> {
    fn admit(&self, conn: &mut Conn, request: JoinRequest<'_>) -> Result<Joined> {
        let (enterprise_id, class_id) = (self.enterprise.enterprise_id, self.class.class_id);
        let found = store::classroom::candidate::find(conn, enterprise_id, class_id, request.user_id)?;
        let candidate = found.ok_or_else(|| Error::UnknownUser(request.user_id.to_owned()))?;
        let is_shut_out = candidate.reserved.is_none() && self.class.class_type != Type::Public;
        if is_shut_out && request.component.is_some() && candidate.user.role == Role::Visitor {
            return Err(Error::UnknownClass(class_id));
        }
        check_open(self.class, request.password)?;
        if is_shut_out {
            return Err(Error::NotReserved { user_id: candidate.user.user_id, class_id });
        }
        if candidate.is_banned {
            self.lift_ban(conn, &candidate, &request)?;
        }
        if request.component.is_some() {
            visitor::check_account(conn, self.class, &candidate.user)?;
        }
        self.enter(conn, candidate, request)
    }

    /// A back end may let in whom it removed from the members of a public class, as it may let in anybody. Whom a moderator
    /// put out stays out.
    fn lift_ban(&self, conn: &mut Conn, candidate: &Candidate, request: &JoinRequest<'_>) -> Result<()> {
        let (enterprise_id, class_id) = (self.enterprise.enterprise_id, self.class.class_id);
        let user_id = candidate.user.user_id.clone();
        let reason = candidate.last.as_ref().and_then(|session| session.quit_reason);
        if request.component.is_some() || reason != Some(QuitReason::Removed) {
            return Err(Error::Banned { user_id, class_id });
        }
        Ok(store::classroom::ban::lift(conn, enterprise_id, class_id, &[user_id])?)
    }

    fn enter(&self, conn: &mut Conn, candidate: Candidate, request: JoinRequest<'_>) -> Result<Joined> {
        let Candidate { user, reserved, last: before, .. } = candidate;
        let (class_id, role) = (self.class.class_id, reserved.unwrap_or(user.role));
        if request.follows {
            log::start(conn, self.enterprise.enterprise_id, class_id)?;
        }
        let opens = self.class.start_time - rules::OPENS_BEFORE;
        if self.enterprise.strict_schedule && matches!(role, Role::Student | Role::Visitor) && self.now < opens {
            return Err(Error::TooEarly { class_id, opens });
        }
        let JoinRequest { devices, component, .. } = request;
        let [camera, mic, speaker] = [devices.camera, devices.mic, devices.speaker].map(i64::from);
        let lease_from = |seen: Millis| component.map(|component| seen.saturating_add(component.lease));
        let mut replaced = None;
        if let Some(open) = before.clone().filter(|session| session.quit_time.is_none()) {
            if continues(&open, component, self.now) {
                let seen = self.now.max(open.last_seen);
                // A call of the back end does not prove that the component is alive.
                let last_seen = (component.is_some() || open.lease_until.is_none()).then_some(seen);
                let lease_until = lease_from(seen);
                let token_hash = component.map(|component| component.token_hash.clone());
                let refreshed = Refresh { role, camera, mic, speaker, last_seen, token_hash, lease_until };
                store::classroom::session::refresh(conn, &open, &refreshed)?;
                store::classroom::session::note(conn, &open, (open.camera, open.mic), (camera, mic), self.now)?;
                log::changed(conn, (open.enterprise_id, class_id), &[open], self.now)?;
                return Ok(Joined { role, before });
            }
            let reason = ending::end_untold(conn, self.enterprise, &open, self.now, QuitReason::Replaced)?;
            replaced = Some((open, reason));
        }
        places::check(conn, self.class, &user.user_id, reserved.is_some())?;
        // Silence outlasts the session, else leaving and entering again would lift it. A raised hand does not.
        let silenced_at_first =
            i64::from(self.class.settings.enable_all_silence && matches!(role, Role::Student | Role::Visitor));
        // Somebody's sessions follow one another, also when the clock was set back since the last one.
        let last = before.as_ref().map(|session| session.quit_time.unwrap_or(session.enter_time));
        let enter_time = last.map_or(self.now, |last| ended(last, self.now));
        let new = NewSession {
            enterprise_id: self.enterprise.enterprise_id,
            class_id,
            user_id: user.user_id.clone(),
            role,
            ordinal: before.as_ref().map_or(1, |session| session.ordinal + 1),
            enter_time,
            last_seen: enter_time,
            camera,
            mic,
            speaker,
            silence: before.as_ref().map_or(silenced_at_first, |session| session.silence),
            hand_up: 0,
            token_hash: component.map(|component| component.token_hash.clone()),
            lease_until: lease_from(enter_time),
        };
        store::classroom::session::insert(conn, &new)?;
        notice::send(conn, self.class, &Notice::Entered { user_id: new.user_id.clone() }, self.now)?;
        // Most users enter with both off, so the lookup is skipped.
        if (camera, mic) != (0, 0)
            && let Some(session) =
                store::classroom::session::open_of(conn, self.enterprise.enterprise_id, class_id, &new.user_id)?
        {
            store::classroom::session::note(conn, &session, (0, 0), (camera, mic), self.now)?;
        }
        if let Some((session, reason)) = replaced {
            log::left(conn, &session, reason, self.now)?;
        }
        log::members(conn, (self.enterprise.enterprise_id, class_id), [new.user_id.as_str()], self.now)?;
        let payload = EventPayload::Joined { user_id: new.user_id, role, time: enter_time };
        publish_if_subscribed(conn, self.enterprise, class_id, &payload, self.now)?;
        Ok(Joined { role, before })
    }
}

/// Whether an open session belongs to the user who enters: not to another device, and not to a component that has been
/// silent for too long.
fn continues(open: &Session, component: Option<&Component>, now: Millis) -> bool {
    match (component, &open.token_hash) {
        (Some(component), Some(token_hash)) => component.token_hash == *token_hash,
        (Some(_), None) => true,
        (None, _) => open.lease_until.is_none_or(|until| until >= now.saturating_sub(GRACE)),
    }
}
