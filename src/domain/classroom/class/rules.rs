//! Looking up a class, and rules that several use cases share.

use crate::clock;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::secret;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::classroom::class::{Class, Status, Type};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::Role;

const HOUR: Millis = 3_600_000;
/// Under strict schedules: how long before its start a class opens and its teacher can't be changed any more.
pub(in crate::domain) const OPENS_BEFORE: Millis = HOUR;
/// The prefixes of the `user_id` of a recorder (iClass, `class/create`; clients use either).
const RECORDER_PREFIXES: [&str; 2] = ["tic_record_user_", "tic_recorduser"];

/// Returns a class that must exist.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn require(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Class> {
    store::classroom::class::find(conn, enterprise_id, class_id)?.ok_or(Error::UnknownClass(class_id))
}

/// The enterprise of a class, for pages that know only the class id.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn host(conn: &mut Conn, class_id: ClassId) -> Result<Enterprise> {
    let enterprise_id = store::classroom::class::enterprise_of(conn, class_id)?.ok_or(Error::UnknownClass(class_id))?;
    store::tenancy::enterprise::get(conn, enterprise_id)?.ok_or(Error::UnknownClass(class_id))
}

pub(in crate::domain) fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Class> {
    store::classroom::class::lock(conn, enterprise_id, class_id)?.ok_or(Error::UnknownClass(class_id))
}

pub(super) fn check_host(class: &Class, by: Option<&str>) -> Result<()> {
    match by {
        Some(id) if id != class.teacher_id && id != class.assistant_id => {
            Err(Error::Forbidden(Forbidden::NotHost { user_id: id.to_owned(), class_id: class.class_id }))
        }
        _ => Ok(()),
    }
}

/// The role of a host: the teacher or the assistant of the class, whatever its member list says.
pub(in crate::domain) fn host_role(class_teacher: &str, class_assistant: &str, user_id: &str) -> Option<Role> {
    if user_id == class_teacher {
        Some(Role::Teacher)
    } else if user_id == class_assistant {
        Some(Role::Assistant)
    } else {
        None
    }
}

/// Checks that a class has not ended.
pub(in crate::domain) fn check_not_over(class: &Class) -> Result<()> {
    if class.class_status == Status::End { Err(Error::ClassEnded(class.class_id)) } else { Ok(()) }
}

/// Checks that visitors may enter the class.
pub(in crate::domain) fn check_public(class: &Class) -> Result<()> {
    if class.class_type == Type::Public {
        return Ok(());
    }
    Err(Error::Forbidden(Forbidden::VisitorsOnlyInPublic { class_id: class.class_id }))
}

/// When a question or check-in ends or ended: at its time limit (0 for none), when it was ended, or with the class,
/// whichever comes first.
pub(in crate::domain) fn end_of_answering(
    class: &Class,
    begun: Millis,
    limit: Millis,
    ended: Option<Millis>,
) -> Option<Millis> {
    let limit = (limit > 0).then(|| begun.saturating_add(limit));
    let with_class = (class.real_stop_time > 0).then_some(class.real_stop_time);
    let end = [limit, ended, with_class].into_iter().flatten().min();
    end.map(|end| clock::ended(begun, end))
}

pub(super) fn hashed(password: &str) -> Option<String> {
    (!password.is_empty()).then(|| secret::hash_class_password(password))
}

pub(super) fn check_times(start: Millis, stop: Millis) -> Result<()> {
    if stop < start { Err(Error::invalid(Field::StopTime, Problem::Before(Field::StartTime))) } else { Ok(()) }
}

/// Whether a user id is that of a recorder.
pub(in crate::domain) fn is_recorder_id(user_id: &str) -> bool {
    RECORDER_PREFIXES.iter().any(|prefix| user_id.starts_with(prefix))
}

pub(super) fn check_recorder(user_id: &str) -> Result<()> {
    if user_id.is_empty() || is_recorder_id(user_id) {
        Ok(())
    } else {
        Err(Error::invalid(Field::Recorder, Problem::WrongPrefix(&RECORDER_PREFIXES)))
    }
}
