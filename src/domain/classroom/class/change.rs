//! Reading, changing and deleting a class.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::ending;
use super::patch::Patch;
use super::rules::{OPENS_BEFORE, check_recorder, check_times, hashed, lock, require};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::chat::group;
use crate::domain::chat::group::Administrator;
use crate::domain::classroom::log::ClassState;
use crate::domain::classroom::{chat_images, log, member, online_recording, role, session};
use crate::domain::{Error, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::class::{Class, Status, Type};
use crate::store::classroom::member::Member;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::Role;

/// Returns a class that must exist, with its members.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn info(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<(Class, Vec<Member>)> {
    let class = require(conn, enterprise_id, class_id)?;
    let members = store::classroom::member::list(conn, enterprise_id, class_id)?;
    Ok((class, members))
}

/// Returns those of the classes that exist, with their members.
///
/// # Errors
/// The database's.
pub fn info_of_each(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
) -> Result<HashMap<ClassId, (Class, Vec<Member>)>> {
    let classes = store::classroom::class::find_each(conn, enterprise_id, class_ids)?;
    let mut found: HashMap<_, _> = classes.into_iter().map(|class| (class.class_id, (class, Vec::new()))).collect();
    for (class_id, member) in store::classroom::member::list_of_each(conn, enterprise_id, class_ids)? {
        if let Some((_, members)) = found.get_mut(&class_id) {
            members.push(member);
        }
    }
    Ok(found)
}

/// Changes a class that has not begun.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassInProgress`], [`Error::ClassEnded`], [`Error::Invalid`];
/// [`Error::TeacherIsFixed`] under strict schedules.
pub fn modify(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, patch: Patch, now: Millis) -> Result<()> {
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
    let shown = ClassState::from(&class);
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
        // A former teacher or assistant was a member only because of that role.
        None => present.iter().filter(|m| m.user_id != before.0 && m.user_id != before.1).cloned().collect(),
    };
    let members = member::complete(wanted, &class.teacher_id, &class.assistant_id)?;
    member::check(class.class_type, &members)?;
    if members != present {
        store::classroom::member::clear(conn, enterprise_id, class_id)?;
        store::classroom::member::insert(conn, enterprise_id, class_id, &members)?;
    }
    let regarded = changed_roles(&present, &members);
    put_out(conn, enterprise, &class, Change { before, present, members }, now)?;
    // Ending sessions may have used sequence numbers of the class.
    class.last_sequence = lock(conn, enterprise_id, class_id)?.last_sequence;
    store::classroom::class::update(conn, &class)?;
    role::follow(conn, (enterprise_id, class_id), &regarded, now)?;
    if shown == ClassState::from(&class) { Ok(()) } else { log::class(conn, &class, now) }
}

/// Whose reservations are other ones than before.
fn changed_roles(before: &[Member], now: &[Member]) -> Vec<String> {
    let roles = |members: &[Member]| -> HashSet<(String, Role)> {
        members.iter().map(|member| (member.user_id.clone(), member.role)).collect()
    };
    let (before, now) = (roles(before), roles(now));
    before.symmetric_difference(&now).map(|(user_id, _)| user_id.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// How the members of a class changed.
struct Change {
    /// The teacher and the assistant before.
    before: (String, String),
    /// The members before.
    present: Vec<Member>,
    /// The members now.
    members: Vec<Member>,
}

/// Puts out who is inside and was removed from the members. A former teacher or assistant of a public class may stay, as
/// anybody may.
fn put_out(conn: &mut Conn, enterprise: &Enterprise, class: &Class, change: Change, now: Millis) -> Result<()> {
    let Change { before, present, members } = change;
    let reserved: HashSet<&str> = members.iter().map(|member| member.user_id.as_str()).collect();
    if class.class_type != Type::Public {
        return session::expel_unless(conn, enterprise, class, |user_id| reserved.contains(user_id), now);
    }
    let removed: HashSet<&str> = present
        .iter()
        .map(|member| member.user_id.as_str())
        .filter(|user_id| !reserved.contains(user_id) && *user_id != before.0 && *user_id != before.1)
        .collect();
    session::expel_unless(conn, enterprise, class, |user_id| !removed.contains(user_id), now)
}

/// Deletes a class that is not in progress, with its members, sessions and groups. Everybody who waits inside leaves first.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassInProgress`].
pub fn delete(conn: &mut Conn, enterprise: &Enterprise, class_id: ClassId, now: Millis) -> Result<()> {
    let class = lock(conn, enterprise.enterprise_id, class_id)?;
    if class.class_status == Status::Ing {
        return Err(Error::ClassInProgress(class_id));
    }
    ending::empty(conn, enterprise, &[class_id], now)?;
    let administrator =
        Administrator { sdkappid: enterprise.sdkappid, admin_id: class.admin_id, admin_sig: class.admin_sig };
    group::delete_hosted(conn, enterprise.enterprise_id, class_id, &administrator, now)?;
    chat_images::discard(conn, enterprise.enterprise_id, &[class_id], now)?;
    online_recording::discard_of_classes(conn, enterprise.enterprise_id, &[class_id], now)?;
    store::content::document::binding::lock_of_class(conn, enterprise.enterprise_id, class_id)?;
    Ok(store::classroom::class::delete(conn, enterprise.enterprise_id, class_id)?)
}
