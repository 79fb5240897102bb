//! Reserving a class, at most once per idempotency key.
//!
//! When a hosted chat service creates the groups, [`Booking::begin`] reserves the id and schedules the deletion of both
//! groups, and [`Booking::complete`] cancels the deletion and writes the class. `service::create_class` calls the
//! service in between.

use super::draft::ClassDraft;
use super::patch::Patch;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::chat::group;
use crate::domain::chat::group::Administrator;
use crate::domain::{Error, Field, NoGroups, Problem, Result};
use crate::store;
use crate::store::classroom::idempotency::Answered;
use crate::store::ids::{ClassId, EnterpriseId};

/// How long the first response to an idempotency key is repeated.
const IDEMPOTENCY: Millis = 24 * 3_600_000;
/// When the groups of a class that was not written are deleted: long after the last moment at which it could be
/// written.
const DELETE_GROUPS_AFTER: Millis = 60_000;

/// An idempotent request: its caller may repeat it without a second effect.
#[derive(Clone, Debug)]
pub struct Once {
    /// The idempotency key that the caller chose.
    pub key: String,
    /// SHA-256 of the request.
    pub body_hash: String,
}

/// A request to reserve a class.
#[derive(Clone, Debug)]
pub struct Booking {
    /// The enterprise that will own it.
    pub enterprise_id: EnterpriseId,
    /// The enterprise's application at the hosted chat service.
    pub sdkappid: i64,
    /// The idempotency key, if the request has one.
    pub once: Option<Once>,
    /// The fields of the class.
    pub patch: Patch,
    /// When the request was received.
    pub now: Millis,
}

/// The result of the first step of a booking.
#[derive(Clone, Debug)]
pub enum Step {
    /// The class was created.
    Booked(ClassId),
    /// Its groups must be created first.
    Groups(Pending),
}

/// A class that waits for its groups. It is not visible yet.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Its reserved id.
    pub class_id: ClassId,
    /// The groups to create.
    pub group_ids: [String; 2],
    /// The account that creates them.
    pub administrator: Administrator,
}

impl Booking {
    /// The class of an earlier request with the same key; `None` without a key or an earlier request.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the key was used for a different request.
    pub fn earlier(&self, conn: &mut Conn) -> Result<Option<ClassId>> {
        let Some(once) = &self.once else { return Ok(None) };
        let first = store::classroom::idempotency::find(conn, self.enterprise_id, &once.key)?;
        first.filter(|first| first.create_time >= self.now - IDEMPOTENCY).map(|first| answer(&first, once)).transpose()
    }

    /// Reserves the class with local groups.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::ClassIdsUsedUp`].
    pub fn book(self, conn: &mut Conn) -> Result<ClassId> {
        match self.once {
            Some(once) => create_once(conn, self.enterprise_id, &once, self.patch, self.now),
            None => create(conn, self.enterprise_id, self.patch, self.now),
        }
    }

    /// Checks everything. Reserves an id for a class with hosted groups; creates a class without groups at once.
    ///
    /// # Errors
    /// As [`Booking::book`].
    pub fn begin(self, conn: &mut Conn) -> Result<Step> {
        if let Some(class_id) = self.earlier(conn)? {
            return Ok(Step::Booked(class_id));
        }
        let draft = ClassDraft::new(self.enterprise_id, self.patch.clone(), self.now)?;
        if !draft.has_groups() {
            return self.book(conn).map(Step::Booked);
        }
        let class_id = store::classroom::class::reserve_id(conn)?.ok_or(Error::ClassIdsUsedUp)?;
        let administrator = draft.administrator(self.sdkappid);
        let pending = Pending { class_id, group_ids: group::ids(class_id), administrator };
        let due = self.now.saturating_add(DELETE_GROUPS_AFTER);
        group::schedule_deletions(conn, self.enterprise_id, &pending.group_ids, &pending.administrator, due)?;
        Ok(Step::Groups(pending))
    }

    /// Creates a class whose groups were created by the hosted service. If another request with the same key was
    /// faster, returns the id of its class; the groups of this request are then deleted as scheduled.
    ///
    /// # Errors
    /// As [`Booking::book`]; [`Error::NoGroups`] when it took so long that the groups may be deleted already.
    pub fn complete(self, conn: &mut Conn, pending: &Pending) -> Result<ClassId> {
        let enterprise_id = self.enterprise_id;
        under_key(conn, enterprise_id, self.once.as_ref(), self.now, |conn| {
            let draft = ClassDraft::new(enterprise_id, self.patch, self.now)?;
            if !group::cancel_deletions(conn, enterprise_id, &pending.group_ids)? {
                return Err(Error::NoGroups(NoGroups::TooLate));
            }
            draft.insert_hosted(conn, pending.class_id)
        })
    }
}

/// Creates a class and returns its id.
///
/// # Errors
/// [`Error::Invalid`], [`Error::ClassIdsUsedUp`].
pub fn create(conn: &mut Conn, enterprise_id: EnterpriseId, patch: Patch, now: Millis) -> Result<ClassId> {
    ClassDraft::new(enterprise_id, patch, now)?.insert(conn)
}

/// Like [`create`], but a request that was answered in the last 24 hours gets the same answer.
///
/// # Errors
/// As [`create`]; [`Error::Invalid`] when the key was used for a different request.
pub fn create_once(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    once: &Once,
    patch: Patch,
    now: Millis,
) -> Result<ClassId> {
    under_key(conn, enterprise_id, Some(once), now, |conn| create(conn, enterprise_id, patch, now))
}

fn under_key(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    once: Option<&Once>,
    now: Millis,
    make: impl FnOnce(&mut Conn) -> Result<ClassId>,
) -> Result<ClassId> {
    let Some(once) = once else { return make(conn) };
    store::classroom::idempotency::forget(conn, enterprise_id, now - IDEMPOTENCY)?;
    let claim = Answered {
        enterprise_id,
        idempotency_key: once.key.clone(),
        body_hash: once.body_hash.clone(),
        class_id: ClassId(0),
        create_time: now,
    };
    if store::classroom::idempotency::claim(conn, &claim)? {
        let class_id = make(conn)?;
        store::classroom::idempotency::settle(conn, enterprise_id, &once.key, class_id)?;
        return Ok(class_id);
    }
    match store::classroom::idempotency::find(conn, enterprise_id, &once.key)? {
        Some(first) => answer(&first, once),
        None => Err(key_reused()),
    }
}

/// The answer that the first request got.
fn answer(first: &Answered, once: &Once) -> Result<ClassId> {
    if first.body_hash == once.body_hash { Ok(first.class_id) } else { Err(key_reused()) }
}

fn key_reused() -> Error {
    Error::invalid(Field::IdempotencyKey, Problem::UsedForAnotherRequest)
}
