//! The members of a course. All its lessons that have not ended have the same members.

use super::rules::lock;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::{log, member, role, session};
use crate::domain::tenancy::channel::Access;
use crate::domain::{Error, Field, Noun, Problem, Result};
use crate::store;
use crate::store::classroom::class::Status;
use crate::store::classroom::member::Member;
use crate::store::ids::{ClassId, CourseId, MemberId};
use crate::store::school::course::{Course, CourseMember};
use crate::store::school::lesson::{Lesson, Revision};
use crate::store::tenancy::channel::Channel;
use crate::store::tenancy::enterprise::Enterprise;
use crate::store::tenancy::user::Role;

/// Maximum number of reservations over all lessons of a course, because each change of the course writes them in one
/// transaction.
const RESERVATIONS: usize = 100_000;

/// Checks the number of reservations.
pub(super) fn check_reservations(lessons: usize, members: usize) -> Result<()> {
    if members > member::AT_MOST || lessons.saturating_mul(members) > RESERVATIONS {
        let problem = Problem::TooManyReservations { lessons, members, max: RESERVATIONS };
        return Err(Error::invalid(Field::CourseMembers, problem));
    }
    Ok(())
}

/// The members reserved for the lessons of a course.
pub(super) fn reserved(conn: &mut Conn, course: &Course) -> Result<Vec<Member>> {
    let members = store::school::course::members(conn, course.enterprise_id, course.course_id)?;
    Ok(members.into_iter().map(|CourseMember { user_id, role, .. }| Member { user_id, role }).collect())
}

/// The teacher of the lessons: the first member with that role, or empty.
pub(super) fn teacher_of(members: &[Member]) -> String {
    let teacher = members.iter().find(|member| member.role == Role::Teacher);
    teacher.map(|teacher| teacher.user_id.clone()).unwrap_or_default()
}

/// What somebody leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) enum Leaving {
    /// The course. The teacher of a lesson in progress stays its teacher.
    Course,
    /// The organization, and its courses with it.
    Organization,
}

/// Adds a member of the organization to a course, or changes their role in it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when there are too many reservations.
pub fn put_member(
    conn: &mut Conn,
    channel: &Channel,
    course_id: CourseId,
    member_id: MemberId,
    role: Role,
    now: Millis,
) -> Result<()> {
    let course = lock(conn, channel, course_id)?;
    let enterprise_id = course.enterprise_id;
    let found = store::school::membership::find(conn, enterprise_id, course.organization_id, member_id)?;
    let user_id = found.ok_or(Error::NotFound { noun: Noun::Member, id: member_id.0 })?.user_id;
    let put = CourseMember { enterprise_id, course_id, member_id, user_id: user_id.clone(), role };
    store::school::course::put_member(conn, &put)?;
    let Followed { kept, .. } = follow(conn, &course, (&user_id, Some(role)), now)?;
    // A teacher who left the organization was put out of the lessons in progress.
    for class_id in kept {
        store::classroom::ban::lift(conn, enterprise_id, class_id, std::slice::from_ref(&user_id))?;
    }
    Ok(())
}

/// Removes a member from a course. They leave its lessons that have not ended.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove_member(
    conn: &mut Conn,
    access: &Access,
    course_id: CourseId,
    member_id: MemberId,
    now: Millis,
) -> Result<()> {
    leave(conn, (&access.enterprise, &access.channel), (course_id, member_id), Leaving::Course, now)
}

/// Removes a member from a course, as [`remove_member`].
pub(in crate::domain) fn leave(
    conn: &mut Conn,
    (enterprise, channel): (&Enterprise, &Channel),
    (course_id, member_id): (CourseId, MemberId),
    leaving: Leaving,
    now: Millis,
) -> Result<()> {
    let course = lock(conn, channel, course_id)?;
    let removed = store::school::course::delete_member(conn, course.enterprise_id, course_id, member_id)?;
    let user_id = removed.ok_or(Error::NotFound { noun: Noun::Member, id: member_id.0 })?;
    let Followed { changed, kept } = follow(conn, &course, (&user_id, None), now)?;
    session::expel_from_each(conn, enterprise, &changed, &user_id, now)?;
    if leaving == Leaving::Organization {
        session::bar_from_each(conn, enterprise, &kept, &user_id, now)?;
    }
    Ok(())
}

/// The lessons that a change of one member concerns.
struct Followed {
    /// Those whose reservations changed.
    changed: Vec<ClassId>,
    /// Those in progress that the user teaches.
    kept: Vec<ClassId>,
}

/// Copies the change of one member to the lessons that have not ended.
fn follow(conn: &mut Conn, course: &Course, (user_id, role): (&str, Option<Role>), now: Millis) -> Result<Followed> {
    let enterprise_id = course.enterprise_id;
    let members = reserved(conn, course)?;
    let lessons = store::school::lesson::lock_lessons(conn, enterprise_id, course.course_id)?;
    check_reservations(lessons.len(), members.len())?;
    let teacher_id = teacher_of(&members);
    let planned: Vec<ClassId> =
        lessons.iter().filter(|lesson| lesson.status == Status::Will).map(|lesson| lesson.class_id).collect();
    // The teacher of a lesson in progress stays its teacher.
    let (kept, in_progress): (Vec<&Lesson>, Vec<&Lesson>) =
        lessons.iter().filter(|lesson| lesson.status == Status::Ing).partition(|lesson| lesson.teacher_id == user_id);
    let class_ids: Vec<ClassId> =
        planned.iter().copied().chain(in_progress.iter().map(|lesson| lesson.class_id)).collect();
    store::classroom::member::delete_from_each(conn, enterprise_id, &class_ids, user_id)?;
    if let Some(role) = role {
        let member = Member { user_id: user_id.to_owned(), role };
        store::classroom::member::insert_each(conn, enterprise_id, &class_ids, &[member])?;
    }
    let is_taught_anew = |lesson: &&Lesson| lesson.status == Status::Will && lesson.teacher_id != teacher_id;
    let taught_anew: Vec<ClassId> = lessons.iter().filter(is_taught_anew).map(|lesson| lesson.class_id).collect();
    let revision = Revision { teacher_id: Some(teacher_id), ..Revision::default() };
    store::school::lesson::revise_lessons(conn, enterprise_id, &planned, &revision)?;
    if role.is_some() {
        for class_id in &class_ids {
            role::follow(conn, (enterprise_id, *class_id), &[user_id.to_owned()], now)?;
        }
    }
    log::classes(conn, enterprise_id, &taught_anew, now)?;
    Ok(Followed { changed: class_ids, kept: kept.iter().map(|lesson| lesson.class_id).collect() })
}
