//! Rooms: classes without a schedule. A room lasts while its teacher, who opened it, sends heartbeats; users stay
//! inside while they send heartbeats (Suixinbo edu).

use std::collections::HashSet;

use super::class;
use super::class::ClassDraft;
use super::member;
use super::session;
use super::session::{Component, JoinRequest};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::online_recording::Recorder;
use crate::domain::tenancy::user;
use crate::domain::tenancy::user::{Role, User};
use crate::domain::{Error, Field, Forbidden, Result, check_url};
use crate::store;
use crate::store::classroom::class::{Class, Status, Type};
use crate::store::classroom::room::NewRoom;
pub use crate::store::classroom::room::{Filter, Room, inside};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::{Page, Paged};

/// How long a session lasts after a heartbeat, in milliseconds.
pub const LEASE: Millis = 120_000;
/// How long a class lasts after the last heartbeat of its teacher, in milliseconds.
pub const SILENCE: Millis = 300_000;
/// The minimum interval, in milliseconds, at which heartbeats of a teacher who is not inside are recorded.
const RECORD_INTERVAL: Millis = 30_000;
/// The scheduled end of a class without a schedule: the last second of the year 9999.
const NEVER: Millis = 253_402_300_799_000;

/// Whether users of this role may open and teach rooms.
#[must_use]
pub fn is_teacher(role: Role) -> bool {
    role == Role::Teacher
}

/// Opens a room for a teacher and returns its class id.
///
/// # Errors
/// [`Error::Forbidden`] for users who are not teachers; [`Error::Invalid`] when the cover is neither a URL nor empty;
/// [`Error::ClassIdsUsedUp`].
pub fn open(conn: &mut Conn, teacher: &User, title: &str, cover: &str, now: Millis) -> Result<ClassId> {
    if !is_teacher(teacher.role) {
        return Err(Error::Forbidden(Forbidden::NotATeacher { user_id: teacher.user_id.clone() }));
    }
    check_url(Field::Cover, cover)?;
    let patch = class::Patch {
        teacher_id: Some(teacher.user_id.clone()),
        class_type: Some(Type::Public),
        stop_time: Some(NEVER),
        ..class::Patch::default()
    };
    let class_id = ClassDraft::new(teacher.enterprise_id, patch, now)?.insert(conn)?;
    let with = NewRoom { class_topic: title, cover, silence_limit: SILENCE };
    store::classroom::room::make_room(conn, teacher.enterprise_id, class_id, with)?;
    Ok(class_id)
}

/// Returns a room that must exist. Every class is also a room.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn require(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Room> {
    store::classroom::room::find(conn, enterprise_id, class_id)?.ok_or(Error::UnknownClass(class_id))
}

/// Whether a class is a room: its teacher opened it, and nobody planned it.
pub(in crate::domain) fn is_room(conn: &mut Conn, class: &Class) -> Result<bool> {
    let room = store::classroom::room::find(conn, class.enterprise_id, class.class_id)?;
    Ok(room.is_some_and(|room| room.silence_limit > 0))
}

/// Rooms, most recently reserved or started first. Some of them may be [hidden](hidden_from) from a viewer.
///
/// # Errors
/// [`Error::UnknownUser`] for a teacher who has no account and teaches no room.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Paged<Room>> {
    let rooms = store::classroom::room::list(conn, enterprise_id, filter, page)?;
    if let Some(teacher_id) = filter.teacher_id.as_deref()
        && rooms.total == 0
    {
        user::require(conn, enterprise_id, teacher_id)?;
    }
    Ok(rooms)
}

/// The classes among these rooms that a viewer may see, but without title, cover and replay: those that are not public and
/// that they may not enter.
///
/// # Errors
/// The database's.
pub fn hidden_from(conn: &mut Conn, viewer: &User, rooms: &[Room]) -> Result<HashSet<ClassId>> {
    let private: Vec<ClassId> = private(viewer, rooms).collect();
    let reserved = store::classroom::room::reserved(conn, viewer.enterprise_id, &private, &viewer.user_id)?;
    Ok(private.into_iter().filter(|class_id| !reserved.contains(class_id)).collect())
}

/// The rooms that are hidden from a viewer unless they have a reservation.
pub fn private<'a>(viewer: &User, rooms: &'a [Room]) -> impl Iterator<Item = ClassId> + use<'a> {
    let sees_all = viewer.role.is_administrator();
    rooms.iter().filter(move |room| !sees_all && room.class_type != Type::Public).map(|room| room.class_id)
}

/// Starts a class and lets its teacher enter.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] for other users; [`Error::ClassInProgress`], [`Error::ClassEnded`];
/// those of [`session::join`].
pub fn begin(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: ClassId,
    teacher: &Component,
    recorder: Recorder,
    now: Millis,
) -> Result<()> {
    let (enterprise_id, user_id) = (enterprise.enterprise_id, teacher.user_id.as_str());
    // First check, without a lock: joining locks the user before the class.
    check_begins(&class::require(conn, enterprise_id, class_id)?, user_id)?;
    session::join(conn, enterprise, class_id, JoinRequest::of_component(teacher), now)?;
    check_begins(&class::lock(conn, enterprise_id, class_id)?, user_id)?;
    class::start(conn, enterprise, class_id, class::Via::Component.by(Some(user_id)), recorder, now)
}

fn check_begins(class: &Class, user_id: &str) -> Result<()> {
    check_owner(class, user_id)?;
    match class.class_status {
        Status::Will => Ok(()),
        Status::Ing => Err(Error::ClassInProgress(class.class_id)),
        Status::End => Err(Error::ClassEnded(class.class_id)),
    }
}

/// Ends a class in progress and all its sessions.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] for users other than its teacher; [`Error::ClassNotBegun`],
/// [`Error::ClassEnded`]; [`Error::NotInside`] for a teacher who never entered it.
pub fn end(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, user_id: &str, now: Millis) -> Result<()> {
    let class = class::lock(conn, enterprise.enterprise_id, class_id)?;
    check_owner(&class, user_id)?;
    check_in_progress(&class)?;
    if store::classroom::session::last(conn, enterprise.enterprise_id, class_id, user_id)?.is_none() {
        return Err(Error::NotInside { user_id: user_id.to_owned(), class_id });
    }
    class::stop(conn, enterprise, class_id, class::Via::Component.by(Some(user_id)), now)
}

/// Lets a user enter a class in progress. A user who is inside stays inside.
///
/// # Errors
/// [`Error::ClassNotBegun`], and those of [`session::join`].
pub fn enter(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, who: &Component, now: Millis) -> Result<()> {
    // No lock is needed: the status only moves forward, and `join` rejects a class that has ended meanwhile.
    check_in_progress(&class::require(conn, enterprise.enterprise_id, class_id)?)?;
    session::join(conn, enterprise, class_id, JoinRequest::of_component(who), now).map(drop)
}

/// The users inside a class with their roles, in the order in which they entered.
///
/// # Errors
/// Only those of the database. A class that does not exist, or that the viewer may not see, has nobody inside.
pub fn members(conn: &mut Conn, viewer: &User, class_id: ClassId, page: Page) -> Result<Paged<(String, Role)>> {
    let enterprise_id = viewer.enterprise_id;
    match member::check_sees(conn, class_id, viewer) {
        Err(Error::UnknownClass(_) | Error::NotReserved { .. } | Error::Banned { .. }) => {
            return Ok(Paged { total: 0, rows: Vec::new(), finish: true, next: None });
        }
        seen => seen?,
    }
    let Paged { total, rows, finish, next } = session::inside(conn, enterprise_id, class_id, page)?;
    let rows = rows.into_iter().map(|(session, _)| (session.user_id, session.role)).collect();
    Ok(Paged { total, rows, finish, next })
}

/// Lets a user leave a class in progress. A user who is not inside is ignored.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassNotBegun`], [`Error::ClassEnded`].
pub fn leave(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, user_id: &str, now: Millis) -> Result<()> {
    check_in_progress(&class::require(conn, enterprise.enterprise_id, class_id)?)?;
    session::quit(conn, enterprise, class_id, user_id, now)
}

impl Room {
    /// Whether a heartbeat of this user from outside the class must be [recorded](note_teacher). A room lasts while its
    /// teacher is alive, inside or not.
    #[must_use]
    pub fn is_heartbeat_due(&self, user_id: &str, now: Millis) -> bool {
        self.class_status == Status::Ing
            && self.silence_limit > 0
            && self.teacher_id == user_id
            && self.teacher_seen.saturating_add(RECORD_INTERVAL) <= now
    }
}

/// Records a heartbeat of the teacher of a room.
///
/// # Errors
/// Only those of the database.
pub fn note_teacher(conn: &mut Conn, room: &Room, now: Millis) -> Result<()> {
    Ok(store::classroom::room::note_teacher(conn, room.enterprise_id, room.class_id, now)?)
}

/// Stores the replay URL of a class that has ended.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassNotBegun`], [`Error::ClassInProgress`].
pub fn keep_replay(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    url: &str,
    time: Millis,
) -> Result<()> {
    let class = class::lock(conn, enterprise_id, class_id)?;
    match class.class_status {
        Status::Will => Err(Error::ClassNotBegun(class_id)),
        Status::Ing => Err(Error::ClassInProgress(class_id)),
        Status::End => Ok(store::classroom::room::keep_replay(conn, enterprise_id, class_id, url, time)?),
    }
}

fn check_in_progress(class: &Class) -> Result<()> {
    match class.class_status {
        Status::Will => Err(Error::ClassNotBegun(class.class_id)),
        Status::Ing => Ok(()),
        Status::End => Err(Error::ClassEnded(class.class_id)),
    }
}

/// Checks that a user is the teacher of a class.
pub(in crate::domain) fn check_owner(class: &Class, user_id: &str) -> Result<()> {
    if class.teacher_id == user_id {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::NotTeacher { user_id: user_id.to_owned(), class_id: class.class_id }))
    }
}
