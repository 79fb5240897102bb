//! Reserving a class: with its groups, and once under an idempotency key.
//!
//! Where the groups are made by a chat service outside, the class is not written before they are there: its id is taken
//! first ([`Booking::begin`]), together with the promise to destroy groups of that name. Writing the class
//! ([`Booking::complete`]) takes the promise back. Whatever breaks off in between, there is no class, and soon no group.

use super::{LiveType, Patch, RecordType, Settings, Status, Type, check_recorder, check_times, hashed};
use crate::clock::{Millis, millis, seconds};
use crate::db::Conn;
use crate::domain::chat::group;
use crate::domain::classroom::member;
use crate::domain::{Error, Field, NoGroups, Problem, Result};
use crate::store;
use crate::store::Json;
use crate::store::chat::group::Engine;
use crate::store::chat::group_deletion::GroupDeletion;
use crate::store::classroom::class::NewClass;
use crate::store::classroom::idempotency::Answered;
use crate::store::classroom::member::Member;

/// How long a class lasts when nobody says.
const USUAL_LENGTH: Millis = 2 * 3_600_000;
/// How long the first answer under an idempotency key is given again.
const IDEMPOTENCY: Millis = 24 * 3_600_000;
/// When groups are destroyed whose class was not written: long after the last moment that it could be.
const GIVEN_UP_AFTER: Millis = 60_000;

/// A request that its caller may send again without a second effect.
#[derive(Clone, Debug)]
pub struct Once {
    /// The caller's name for the request.
    pub key: String,
    /// SHA-256 of what is asked.
    pub body_hash: String,
}

/// A class to be reserved.
#[derive(Clone, Debug)]
pub struct Booking {
    /// Whose it will be.
    pub enterprise_id: i64,
    /// Their application at the hosted chat service.
    pub sdkappid: i64,
    /// Whether the request may come again.
    pub once: Option<Once>,
    /// What is chosen for it.
    pub patch: Patch,
    /// When it was asked for.
    pub now: Millis,
}

/// How far a booking has come.
#[derive(Clone, Debug)]
pub enum Step {
    /// The class is there.
    Booked(i64),
    /// Its groups are to be made first.
    Groups(Pending),
}

/// A class that waits for its groups. It is nowhere to be seen yet.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The id it will have.
    pub class_id: i64,
    /// The groups to be made.
    pub group_ids: [String; 2],
    /// The administrator of the chat service …
    pub admin_id: String,
    /// … and their ticket there.
    pub admin_sig: String,
}

impl Booking {
    /// Reserves the class, with groups of our own.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::ClassIdsUsedUp`].
    pub fn book(self, conn: &mut Conn) -> Result<i64> {
        match self.once {
            Some(once) => create_once(conn, self.enterprise_id, &once, self.patch, self.now),
            None => create(conn, self.enterprise_id, self.patch, self.now),
        }
    }

    /// Checks everything, and takes an id for a class whose groups are made outside; reserves one that is to have none.
    ///
    /// # Errors
    /// As [`Booking::book`].
    pub fn begin(self, conn: &mut Conn) -> Result<Step> {
        if let Some(once) = &self.once {
            store::classroom::idempotency::forget(conn, self.enterprise_id, self.now - IDEMPOTENCY)?;
            if let Some(first) = store::classroom::idempotency::find(conn, self.enterprise_id, &once.key)? {
                return answer(&first, once).map(Step::Booked);
            }
        }
        let (new, _) = prepare(self.enterprise_id, self.patch.clone(), self.now)?;
        if new.settings.auto_create_im == 0 {
            return self.book(conn).map(Step::Booked);
        }
        let class_id = store::classroom::class::reserve_id(conn)?.ok_or(Error::ClassIdsUsedUp)?;
        let (admin_id, admin_sig) = (new.admin_id, new.admin_sig);
        let pending = Pending { class_id, group_ids: group::ids(class_id), admin_id, admin_sig };
        let removals = pending.group_ids.clone().map(|group_id| GroupDeletion {
            enterprise_id: self.enterprise_id,
            group_id,
            sdkappid: self.sdkappid,
            admin_id: pending.admin_id.clone(),
            admin_sig: pending.admin_sig.clone(),
            made: false,
            due: self.now.saturating_add(GIVEN_UP_AFTER),
            attempts: 0,
        });
        store::chat::group_deletion::insert(conn, &removals)?;
        Ok(Step::Groups(pending))
    }

    /// Reserves a class whose groups were made outside. When a request under the same key was faster, its answer is given
    /// again, and the groups of this one are destroyed as promised.
    ///
    /// # Errors
    /// As [`Booking::book`]; [`Error::NoGroups`] when it took so long that the groups may be gone again.
    pub fn complete(self, conn: &mut Conn, pending: &Pending) -> Result<i64> {
        let enterprise_id = self.enterprise_id;
        under_key(conn, enterprise_id, self.once.as_ref(), self.now, |conn| {
            let (new, members) = prepare(enterprise_id, self.patch, self.now)?;
            let kept = store::chat::group_deletion::cancel(conn, enterprise_id, &pending.group_ids)?;
            if kept < pending.group_ids.len() {
                return Err(Error::NoGroups(NoGroups::TooLate));
            }
            add(conn, Some(pending.class_id), Engine::Tencent, &new, &members)
        })
    }
}

/// Reserves a class and returns its id.
///
/// # Errors
/// [`Error::Invalid`], [`Error::ClassIdsUsedUp`].
pub fn create(conn: &mut Conn, enterprise_id: i64, patch: Patch, now: Millis) -> Result<i64> {
    let (new, members) = prepare(enterprise_id, patch, now)?;
    add(conn, None, Engine::Local, &new, &members)
}

/// As [`create`], but a request that was answered in the last 24 hours gets the same answer.
///
/// # Errors
/// As [`create`]; [`Error::Invalid`] when something else was asked under the key.
pub fn create_once(conn: &mut Conn, enterprise_id: i64, once: &Once, patch: Patch, now: Millis) -> Result<i64> {
    under_key(conn, enterprise_id, Some(once), now, |conn| create(conn, enterprise_id, patch, now))
}

fn under_key(
    conn: &mut Conn,
    enterprise_id: i64,
    once: Option<&Once>,
    now: Millis,
    make: impl FnOnce(&mut Conn) -> Result<i64>,
) -> Result<i64> {
    let Some(once) = once else { return make(conn) };
    store::classroom::idempotency::forget(conn, enterprise_id, now - IDEMPOTENCY)?;
    let claim = Answered {
        enterprise_id,
        idempotency_key: once.key.clone(),
        body_hash: once.body_hash.clone(),
        class_id: 0,
        create_time: now,
    };
    if store::classroom::idempotency::claim(conn, &claim)? {
        let class_id = make(conn)?;
        store::classroom::idempotency::settle(conn, enterprise_id, &once.key, class_id)?;
        return Ok(class_id);
    }
    match store::classroom::idempotency::find(conn, enterprise_id, &once.key)? {
        Some(first) => answer(&first, once),
        None => Err(another_body()),
    }
}

/// What was answered to the same request.
fn answer(first: &Answered, once: &Once) -> Result<i64> {
    if first.body_hash == once.body_hash { Ok(first.class_id) } else { Err(another_body()) }
}

fn another_body() -> Error {
    Error::invalid(Field::IdempotencyKey, Problem::UsedForAnotherRequest)
}

/// A new class and who is reserved for it.
fn prepare(enterprise_id: i64, patch: Patch, now: Millis) -> Result<(NewClass, Vec<Member>)> {
    let teacher_id = patch.teacher_id.ok_or_else(|| Error::invalid(Field::Teacher, Problem::Missing))?;
    // The protocols show and take whole seconds: what a caller reads as the start must not lie after it.
    let start_time = patch.start_time.unwrap_or_else(|| millis(seconds(now)));
    let new = NewClass {
        enterprise_id,
        class_topic: patch.class_topic.unwrap_or_default(),
        class_type: patch.class_type.unwrap_or(Type::Public),
        class_status: Status::Will,
        class_live_type: patch.class_live_type.unwrap_or(LiveType::Close),
        teacher_id,
        assistant_id: patch.assistant_id.unwrap_or_default(),
        create_time: now,
        start_time,
        stop_time: patch.stop_time.unwrap_or_else(|| start_time.saturating_add(USUAL_LENGTH)),
        real_start_time: 0,
        real_stop_time: 0,
        admin_id: patch.admin_id.unwrap_or_default(),
        admin_sig: patch.admin_sig.unwrap_or_default(),
        max_member_limit: patch.max_member_limit.unwrap_or(0),
        max_member_num: patch.max_member_num.unwrap_or(0),
        password_hash: patch.password.as_deref().and_then(hashed),
        settings: Json::new(patch.settings.apply(default_settings())),
        record_user_id: patch.record_user_id.unwrap_or_default(),
        record_user_sig: patch.record_user_sig.unwrap_or_default(),
        last_sequence: 0,
        end_reason: None,
        course_id: None,
    };
    check_times(new.start_time, new.stop_time)?;
    check_recorder(&new.record_user_id)?;
    let members = member::complete(patch.members.unwrap_or_default(), &new.teacher_id, &new.assistant_id)?;
    member::check(new.class_type, &members)?;
    Ok((new, members))
}

/// How the components run a class when nobody says.
pub(in crate::domain) fn default_settings() -> Settings {
    Settings {
        record_types: vec![RecordType::Local],
        resolution: "1024x768".into(),
        fps: 15,
        layout: 0,
        auto_create_im: 1,
        bitrate: 850,
        auto_open_mic: 0,
        auto_open_camera: 0,
        enable_all_silence: 0,
    }
}

fn add(conn: &mut Conn, reserved: Option<i64>, engine: Engine, new: &NewClass, members: &[Member]) -> Result<i64> {
    let class_id = store::classroom::class::insert(conn, reserved, new)?.ok_or(Error::ClassIdsUsedUp)?;
    store::classroom::member::insert(conn, new.enterprise_id, class_id, members)?;
    if new.settings.auto_create_im == 1 {
        group::add(conn, new.enterprise_id, class_id, engine, new.create_time)?;
    }
    Ok(class_id)
}
