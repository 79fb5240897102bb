//! Deleting a user, with everything that is to come for them. What they did stays under their id.

use std::collections::BTreeSet;

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Class, Status, Via};
use crate::domain::classroom::{log, room, session};
use crate::domain::school::membership;
use crate::domain::school::membership::MemberKey;
use crate::domain::tenancy::user;
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::classroom::session::QuitReason;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::school::membership::Membership;
use crate::store::tenancy::channel::Channel;
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::former_user::FormerUser;

/// How many classes an error names.
const NAMED: usize = 10;

/// Deletes a user. Their tokens and sessions end; they leave organizations, courses, groups and the classes that are not
/// over. Rooms that they opened themselves end, or are deleted before they begin. A course passes its lessons to come to
/// its next teacher. Attendance, messages and documents stay under the id. Returns the hashes of the tokens that ended.
///
/// # Errors
/// [`Error::UnknownUser`]; [`Error::Forbidden`] for the account of a channel, and for the teacher of a class that is
/// planned or in progress: a class needs its teacher, and the school must choose another one, or delete it.
pub fn delete(conn: &mut Conn, enterprise: &Enterprise, user_id: &str, now: Millis) -> Result<Vec<String>> {
    let enterprise_id = enterprise.enterprise_id;
    user::require(conn, enterprise_id, user_id)?;
    if store::tenancy::channel::is_account(conn, enterprise_id, user_id)? {
        return Err(Error::Forbidden(Forbidden::IsChannelAccount { user_id: user_id.to_owned() }));
    }
    let (memberships, lessons) = lock_memberships(conn, enterprise_id, user_id)?;
    // Locked like by everybody who enters: after organizations and courses, before classes.
    let user = user::lock(conn, enterprise_id, user_id)?;
    let mut class_ids: BTreeSet<ClassId> =
        store::classroom::member::not_over(conn, enterprise_id, user_id)?.into_iter().collect();
    class_ids.extend(store::classroom::session::classes_of_user(conn, enterprise_id, user_id)?);
    for class_id in class_ids.union(&lessons) {
        store::classroom::class::lock(conn, enterprise_id, *class_id)?;
    }
    let left = session::leave_each(conn, enterprise, (&class_ids, user_id), QuitReason::Deleted, now)?;
    for (channel, membership) in memberships {
        let key = MemberKey { organization_id: membership.organization_id, member_id: membership.member_id };
        membership::remove(conn, (enterprise, &channel), key, now)?;
    }
    leave_classes(conn, enterprise, &class_ids, user_id, now)?;
    store::chat::group::member::delete_from_all(conn, enterprise_id, user_id)?;
    let mut ended = store::tenancy::token::end_all(conn, enterprise_id, user_id)?;
    ended.push(user.token_hash.clone());
    store::tenancy::user::delete(conn, &user)?;
    let former = FormerUser { enterprise_id, user_id: user_id.to_owned(), delete_time: now };
    store::tenancy::former_user::insert(conn, &former)?;
    left.iter().try_for_each(|(session, reason)| log::left(conn, session, *reason, now))?;
    Ok(ended)
}

/// A membership, with the channel of its organization.
type Managed = (Channel, Membership);

/// The memberships of a user, and the lessons of the courses that they are in. The organizations and the courses are locked
/// in the order of their ids.
fn lock_memberships(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    user_id: &str,
) -> Result<(Vec<Managed>, BTreeSet<ClassId>)> {
    let mut found = Vec::new();
    for membership in store::school::membership::of_user_everywhere(conn, enterprise_id, user_id)? {
        let organization = store::tenancy::organization::lock(conn, enterprise_id, membership.organization_id)?;
        let Some(organization) = organization else { continue };
        let Some(channel) = store::tenancy::channel::get(conn, organization.channel_id)? else { continue };
        found.push((channel, membership));
    }
    let mut courses = BTreeSet::new();
    for (channel, membership) in &found {
        for course_id in store::school::course::courses_of(conn, enterprise_id, membership.member_id)? {
            courses.insert((course_id, channel.channel_id));
        }
    }
    for (course_id, channel_id) in &courses {
        store::school::course::lock(conn, enterprise_id, *channel_id, *course_id)?;
    }
    let courses: Vec<CourseId> = courses.into_iter().map(|(course_id, _)| course_id).collect();
    let lessons = store::school::lesson::lessons(conn, enterprise_id, &courses)?;
    Ok((found, lessons.into_iter().map(|lesson| lesson.class_id).collect()))
}

/// Takes a user out of locked classes that are not over.
fn leave_classes(
    conn: &mut Conn,
    enterprise: &Enterprise,
    class_ids: &BTreeSet<ClassId>,
    user_id: &str,
    now: Millis,
) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    let mut taught = Vec::new();
    for class_id in class_ids {
        let Some(mut class) = store::classroom::class::find(conn, enterprise_id, *class_id)? else { continue };
        if class.class_status == Status::End {
            continue;
        }
        if class.teacher_id == user_id {
            if room::is_room(conn, &class)? {
                end_room(conn, enterprise, &class, now)?;
            } else {
                taught.push(*class_id);
            }
            continue;
        }
        if class.assistant_id == user_id {
            class.assistant_id = String::new();
            store::classroom::class::update(conn, &class)?;
            log::class(conn, &class, now)?;
        }
        store::classroom::member::delete(conn, enterprise_id, *class_id, &[user_id.to_owned()])?;
    }
    if taught.is_empty() {
        return Ok(());
    }
    taught.truncate(NAMED);
    Err(Error::Forbidden(Forbidden::Teaches { user_id: user_id.to_owned(), class_ids: taught }))
}

fn end_room(conn: &mut Conn, enterprise: &Enterprise, class: &Class, now: Millis) -> Result<()> {
    match class.class_status {
        Status::Ing => class::stop(conn, enterprise, class.class_id, Via::Component.by(None), now),
        Status::Will | Status::End => class::delete(conn, enterprise, class.class_id, now),
    }
}
