//! The life of a class: reserve, change, begin, end, remove.

mod booking;
mod ending;

use super::member;
use super::notice;
use super::notice::Notice;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::chat::group;
use crate::domain::events::event;
use crate::domain::events::event::{EventPayload, Listener, Place};
use crate::domain::tenancy::secret;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::Json;
pub use crate::store::classroom::class::{
    Class, Cutoffs, EndReason, Filter, Listed, LiveType, RecordType, Settings, Status, Type, list,
};
pub use crate::store::classroom::member::Member;
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::Role;
pub(in crate::domain) use booking::default_settings;
pub use booking::{Booking, Once, Pending, Step, create, create_once};
pub use ending::{due, end_by_itself, stop, stop_as_component};

const HOUR: Millis = 3_600_000;
/// How long before its start a class opens, and its teacher is fixed, under strict schedules.
pub(in crate::domain) const OPENS_BEFORE: Millis = HOUR;
/// What the `user_id` of a recorder begins with (iClass, `class/create`; clients use either).
const RECORDER_PREFIXES: [&str; 2] = ["tic_record_user_", "tic_recorduser"];

/// What is chosen for a class; what is `None` has its default in a new class and stays in one that is there.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Class")]
pub struct Patch {
    pub class_topic: Option<String>,
    pub class_type: Option<Type>,
    pub class_live_type: Option<LiveType>,
    pub teacher_id: Option<String>,
    pub assistant_id: Option<String>,
    pub start_time: Option<Millis>,
    pub stop_time: Option<Millis>,
    pub admin_id: Option<String>,
    pub admin_sig: Option<String>,
    pub max_member_limit: Option<i64>,
    pub max_member_num: Option<i64>,
    pub password: Option<String>,
    pub record_user_id: Option<String>,
    pub record_user_sig: Option<String>,
    pub settings: SettingsPatch,
    /// The whole list of members, beside the teacher and the assistant.
    pub members: Option<Vec<Member>>,
}

/// As [`Patch`], of the settings.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Settings")]
pub struct SettingsPatch {
    pub record_types: Option<Vec<RecordType>>,
    pub resolution: Option<String>,
    pub fps: Option<i64>,
    pub layout: Option<i64>,
    pub auto_create_im: Option<i64>,
    pub bitrate: Option<i64>,
    pub auto_open_mic: Option<i64>,
    pub auto_open_camera: Option<i64>,
    pub enable_all_silence: Option<i64>,
}

impl SettingsPatch {
    fn apply(self, mut settings: Settings) -> Settings {
        crate::domain::set(&mut settings.record_types, self.record_types);
        crate::domain::set(&mut settings.resolution, self.resolution);
        crate::domain::set(&mut settings.fps, self.fps);
        crate::domain::set(&mut settings.layout, self.layout);
        crate::domain::set(&mut settings.auto_create_im, self.auto_create_im);
        crate::domain::set(&mut settings.bitrate, self.bitrate);
        crate::domain::set(&mut settings.auto_open_mic, self.auto_open_mic);
        crate::domain::set(&mut settings.auto_open_camera, self.auto_open_camera);
        crate::domain::set(&mut settings.enable_all_silence, self.enable_all_silence);
        settings
    }
}

/// A class that must be there, with its members.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn info(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<(Class, Vec<Member>)> {
    let class = require(conn, enterprise_id, class_id)?;
    let members = store::classroom::member::list(conn, enterprise_id, class_id)?;
    Ok((class, members))
}

/// A class that must be there.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn require(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Class> {
    store::classroom::class::find(conn, enterprise_id, class_id)?.ok_or(Error::UnknownClass(class_id))
}

/// The enterprise of a class, for a page that knows nothing but the class it was given.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn host(conn: &mut Conn, class_id: i64) -> Result<Enterprise> {
    let enterprise_id = store::classroom::class::enterprise_of(conn, class_id)?.ok_or(Error::UnknownClass(class_id))?;
    store::tenancy::enterprise::get(conn, enterprise_id)?.ok_or(Error::UnknownClass(class_id))
}

pub(in crate::domain) fn lock(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<Class> {
    store::classroom::class::lock(conn, enterprise_id, class_id)?.ok_or(Error::UnknownClass(class_id))
}

/// Changes a class that has not begun.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassInProgress`], [`Error::ClassEnded`], [`Error::Invalid`];
/// [`Error::TeacherIsFixed`] under strict schedules.
pub fn modify(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, patch: Patch, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    let mut class = lock(conn, enterprise_id, class_id)?;
    match class.class_status {
        Status::Will => {}
        Status::Ing => return Err(Error::ClassInProgress(class_id)),
        Status::End => return Err(Error::ClassEnded(class_id)),
    }
    let new_teacher = patch.teacher_id.as_ref().is_some_and(|id| *id != class.teacher_id);
    if new_teacher && enterprise.strict_schedule && now >= class.start_time - OPENS_BEFORE {
        return Err(Error::TeacherIsFixed(class_id));
    }
    let before = (class.teacher_id.clone(), class.assistant_id.clone());
    crate::domain::set(
        &mut class.class_topic,
        patch.class_topic.map(|topic| if topic.is_empty() { class_id.to_string() } else { topic }),
    );
    crate::domain::set(&mut class.class_type, patch.class_type);
    crate::domain::set(&mut class.class_live_type, patch.class_live_type);
    crate::domain::set(&mut class.teacher_id, patch.teacher_id);
    crate::domain::set(&mut class.assistant_id, patch.assistant_id);
    crate::domain::set(&mut class.start_time, patch.start_time);
    crate::domain::set(&mut class.stop_time, patch.stop_time);
    crate::domain::set(&mut class.admin_id, patch.admin_id);
    crate::domain::set(&mut class.admin_sig, patch.admin_sig);
    crate::domain::set(&mut class.max_member_limit, patch.max_member_limit);
    crate::domain::set(&mut class.max_member_num, patch.max_member_num);
    crate::domain::set(&mut class.password_hash, patch.password.as_deref().map(hashed));
    crate::domain::set(&mut class.record_user_id, patch.record_user_id);
    crate::domain::set(&mut class.record_user_sig, patch.record_user_sig);
    class.settings = Json::new(patch.settings.apply((*class.settings).clone()));
    check_times(class.start_time, class.stop_time)?;
    check_recorder(&class.record_user_id)?;

    let present = store::classroom::member::list(conn, enterprise_id, class_id)?;
    let wanted = match patch.members {
        Some(members) => members,
        // Who stops being the teacher or the assistant was in the list for that alone.
        None => present.iter().filter(|m| m.user_id != before.0 && m.user_id != before.1).cloned().collect(),
    };
    let members = member::complete(wanted, &class.teacher_id, &class.assistant_id)?;
    member::check(class.class_type, &members)?;
    if members != present {
        store::classroom::member::clear(conn, enterprise_id, class_id)?;
        store::classroom::member::insert(conn, enterprise_id, class_id, &members)?;
    }
    Ok(store::classroom::class::update(conn, &class)?)
}

/// Removes a class that is not going on, with its members, stays and groups.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassInProgress`].
pub fn delete(conn: &mut Conn, enterprise: &Enterprise, class_id: i64, now: Millis) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    if class.class_status == Status::Ing {
        return Err(Error::ClassInProgress(class_id));
    }
    group::remove_hosted(conn, enterprise, &class, now)?;
    store::content::document::binding::lock_of_class(conn, enterprise.enterprise_id, class_id)?;
    Ok(store::classroom::class::delete(conn, enterprise.enterprise_id, class_id)?)
}

/// Begins a class at the word of somebody in it; one that goes on already goes on.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] when `by` neither gives the class nor administrates.
pub fn start_as_component(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    by: &str,
    now: Millis,
) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    member::check_moderator(conn, &class, by)?;
    begin(conn, enterprise, class, Via::Component, now)
}

/// Who begins or ends a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signed call of the enterprise's back end, which knows it then.
    Api,
    /// A component in a classroom, of which the enterprise wants to hear.
    Component,
}

/// Begins a class; one that goes on already goes on.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] when `by` is neither teacher nor assistant.
pub fn start(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_id: i64,
    by: Option<&str>,
    via: Via,
    now: Millis,
) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    check_host(&class, by)?;
    begin(conn, enterprise, class, via, now)
}

fn begin(conn: &mut Conn, enterprise: &Enterprise, mut class: Class, via: Via, now: Millis) -> Result<()> {
    let class_id = class.class_id;
    match class.class_status {
        Status::Ing => Ok(()),
        Status::End => Err(Error::ClassEnded(class_id)),
        Status::Will => {
            class.class_status = Status::Ing;
            class.real_start_time = now;
            let told = notice::tell(conn, &class, Notice::Began, now)?;
            if told > 0 {
                store::classroom::room::note_begin(conn, class.enterprise_id, class_id, told)?;
            }
            let course_id = class.course_id;
            change(conn, enterprise, &mut class, via, EventPayload::ClassBegan { time: now, course_id }, now)?;
            if via == Via::Component && class.settings.record_types.contains(&RecordType::Remote) {
                // Asked for when a component begins the class, and told at once that nobody does it.
                event::record_in_class(conn, enterprise, class_id, EventPayload::NotRecorded { time: now }, now)?;
            }
            Ok(())
        }
    }
}

/// Writes a class that begins or ends, and the event, if somebody wants to hear of it.
fn change(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class: &mut Class,
    via: Via,
    fact: EventPayload,
    now: Millis,
) -> Result<()> {
    if via == Via::Api && !enterprise.callback_on_api {
        return Ok(store::classroom::class::advance(conn, class)?);
    }
    class.last_sequence += 1;
    store::classroom::class::advance(conn, class)?;
    let place = Place { class_id: class.class_id, sequence: class.last_sequence };
    // A lesson that never began is nothing to an organization.
    let listener = match class.course_id.filter(|_| class.real_start_time > 0) {
        Some(course_id) => Listener::of(conn, enterprise.enterprise_id, course_id)?,
        None => None,
    };
    event::record_for(conn, enterprise, listener, place, fact, now)
}

fn check_host(class: &Class, by: Option<&str>) -> Result<()> {
    match by {
        Some(id) if id != class.teacher_id && id != class.assistant_id => {
            Err(Error::Forbidden(Forbidden::NotHost { user_id: id.to_owned(), class_id: class.class_id }))
        }
        _ => Ok(()),
    }
}

/// The role that somebody has in a class whatever its member list says.
pub(in crate::domain) fn host_role(class_teacher: &str, class_assistant: &str, user_id: &str) -> Option<Role> {
    if user_id == class_teacher {
        Some(Role::Teacher)
    } else if user_id == class_assistant {
        Some(Role::Assistant)
    } else {
        None
    }
}

/// Whether something can still be done in a class.
pub(in crate::domain) fn check_not_over(class: &Class) -> Result<()> {
    if class.class_status == Status::End { Err(Error::ClassEnded(class.class_id)) } else { Ok(()) }
}

/// Whether people without an account may enter.
pub(in crate::domain) fn check_public(class: &Class) -> Result<()> {
    if class.class_type == Type::Public {
        return Ok(());
    }
    Err(Error::Forbidden(Forbidden::VisitorsOnlyInPublic { class_id: class.class_id }))
}

/// When something that a class is asked ends or ended: at its limit (0 for none), when it was ended, with the class.
pub(in crate::domain) fn end_of_asking(
    class: &Class,
    begun: Millis,
    limit: Millis,
    ended: Option<Millis>,
) -> Option<Millis> {
    let limit = (limit > 0).then(|| begun.saturating_add(limit));
    let with_class = (class.real_stop_time > 0).then_some(class.real_stop_time);
    [limit, ended, with_class].into_iter().flatten().min()
}

fn hashed(password: &str) -> Option<String> {
    (!password.is_empty()).then(|| secret::hash_class_password(password))
}

fn check_times(start: Millis, stop: Millis) -> Result<()> {
    if stop < start { Err(Error::invalid(Field::StopTime, Problem::Before(Field::StartTime))) } else { Ok(()) }
}

fn check_recorder(user_id: &str) -> Result<()> {
    if user_id.is_empty() || RECORDER_PREFIXES.iter().any(|prefix| user_id.starts_with(prefix)) {
        Ok(())
    } else {
        Err(Error::invalid(Field::Recorder, Problem::WrongPrefix(&RECORDER_PREFIXES)))
    }
}
