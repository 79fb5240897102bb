//! Rooms: classes without a schedule. A teacher opens one and gives it while they give signs of life; who comes in stays while
//! they do (Suixinbo edu).

use super::class;
use super::class::ClassDraft;
use super::session;
use super::session::{Component, JoinRequest};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::user::{Role, User};
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::classroom::class::{Class, Status, Type};
use crate::store::classroom::room::NewRoom;
pub use crate::store::classroom::room::{Filter, Room, inside, list};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::{Page, Paged};

/// How long a stay lasts after a sign of life.
pub const LEASE: Millis = 120_000;
/// How long a class lasts after the last sign of life of its teacher.
pub const SILENCE: Millis = 300_000;
/// How often a sign of life that a teacher gives from outside is written down, at most.
const NOTED_EVERY: Millis = 30_000;
/// When a class without a schedule is to be over: in the last second of the year 9999.
const NEVER: Millis = 253_402_300_799_000;

/// Whether somebody may open rooms and give them.
#[must_use]
pub fn is_teacher(role: Role) -> bool {
    role == Role::Teacher
}

/// Opens a room for a teacher and returns its number.
///
/// # Errors
/// [`Error::Forbidden`] for anybody else, [`Error::ClassIdsUsedUp`].
pub fn open(conn: &mut Conn, teacher: &User, title: &str, cover: &str, now: Millis) -> Result<i64> {
    if !is_teacher(teacher.role) {
        return Err(Error::Forbidden(Forbidden::NotATeacher { user_id: teacher.user_id.clone() }));
    }
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

/// One room: any class is.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn require(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Room> {
    store::classroom::room::find(conn, enterprise_id, class_id)?.ok_or(Error::UnknownClass(class_id))
}

/// Begins a class and lets its teacher in.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] for anybody else; [`Error::ClassInProgress`], [`Error::ClassEnded`]; those of
/// [`session::join`].
pub fn begin(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, teacher: &Component, now: Millis) -> Result<()> {
    let (enterprise_id, user_id) = (enterprise.enterprise_id, teacher.user_id.as_str());
    // Refused without a lock: who comes in is locked before the class.
    check_begins(&class::require(conn, enterprise_id, class_id)?, user_id)?;
    session::join(conn, enterprise, class_id, JoinRequest::of_component(teacher), now)?;
    check_begins(&class::lock(conn, enterprise_id, class_id)?, user_id)?;
    class::start(conn, enterprise, class_id, class::Via::Component.by(Some(user_id)), now)
}

fn check_begins(class: &Class, user_id: &str) -> Result<()> {
    check_owner(class, user_id)?;
    match class.class_status {
        Status::Will => Ok(()),
        Status::Ing => Err(Error::ClassInProgress(class.class_id)),
        Status::End => Err(Error::ClassEnded(class.class_id)),
    }
}

/// Ends a class that goes on, and everybody's stay in it.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Forbidden`] for anybody but its teacher; [`Error::ClassNotBegun`],
/// [`Error::ClassEnded`].
pub fn end(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, user_id: &str, now: Millis) -> Result<()> {
    let class = class::lock(conn, enterprise.enterprise_id, class_id)?;
    check_owner(&class, user_id)?;
    check_goes_on(&class)?;
    class::stop(conn, enterprise, class_id, class::Via::Component.by(Some(user_id)), now)
}

/// Lets somebody into a class that goes on; who is inside stays inside.
///
/// # Errors
/// [`Error::ClassNotBegun`], and those of [`session::join`].
pub fn enter(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, who: &Component, now: Millis) -> Result<()> {
    // It only ever moves on, and nobody comes into one that ended meanwhile.
    check_goes_on(&class::require(conn, enterprise.enterprise_id, class_id)?)?;
    session::join(conn, enterprise, class_id, JoinRequest::of_component(who), now).map(drop)
}

/// Who is inside a class, in the order in which they came, and as what.
///
/// # Errors
/// Only the database's: nobody is inside a class that is not there.
pub fn members(conn: &mut Conn, enterprise_id: i64, class_id: i64, page: Page) -> Result<Paged<(String, Role)>> {
    let Paged { total, rows, finish, next } = session::inside(conn, enterprise_id, class_id, page)?;
    let rows = rows.into_iter().map(|(session, _)| (session.user_id, session.role)).collect();
    Ok(Paged { total, rows, finish, next })
}

/// Lets somebody out of a class that goes on; who is not inside is out already.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassNotBegun`], [`Error::ClassEnded`].
pub fn leave(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, user_id: &str, now: Millis) -> Result<()> {
    check_goes_on(&class::require(conn, enterprise.enterprise_id, class_id)?)?;
    session::quit(conn, enterprise, class_id, user_id, now)
}

impl Room {
    /// Whether a sign of life that somebody gives from outside is to be [noted](note_teacher): the room lasts while its
    /// teacher lives, inside or not.
    #[must_use]
    pub fn waits_for(&self, user_id: &str, now: Millis) -> bool {
        self.class_status == Status::Ing
            && self.silence_limit > 0
            && self.teacher_id == user_id
            && self.teacher_seen.saturating_add(NOTED_EVERY) <= now
    }
}

/// Notes that the teacher of a room lives.
///
/// # Errors
/// Only the database's.
pub fn note_teacher(conn: &mut Conn, room: &Room, now: Millis) -> Result<()> {
    Ok(store::classroom::room::note_teacher(conn, room.enterprise_id, room.class_id, now)?)
}

/// Keeps where a class that is over is played back.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassNotBegun`], [`Error::ClassInProgress`].
pub fn keep_replay(conn: &mut Conn, enterprise_id: i64, class_id: i64, url: &str, time: Millis) -> Result<()> {
    let class = class::lock(conn, enterprise_id, class_id)?;
    match class.class_status {
        Status::Will => Err(Error::ClassNotBegun(class_id)),
        Status::Ing => Err(Error::ClassInProgress(class_id)),
        Status::End => Ok(store::classroom::room::keep_replay(conn, enterprise_id, class_id, url, time)?),
    }
}

fn check_goes_on(class: &Class) -> Result<()> {
    match class.class_status {
        Status::Will => Err(Error::ClassNotBegun(class.class_id)),
        Status::Ing => Ok(()),
        Status::End => Err(Error::ClassEnded(class.class_id)),
    }
}

/// Whether somebody is the teacher of a class.
pub(in crate::domain) fn check_owner(class: &Class, user_id: &str) -> Result<()> {
    if class.teacher_id == user_id {
        Ok(())
    } else {
        Err(Error::Forbidden(Forbidden::NotTeacher { user_id: user_id.to_owned(), class_id: class.class_id }))
    }
}
