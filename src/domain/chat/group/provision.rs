//! Making the groups of classes and courses, and having hosted ones destroyed.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::chat::group::{Engine, GroupKind, NewGroup};
use crate::store::chat::group_deletion::GroupDeletion;

/// The ids of the two groups of a class: the one where people write, and the one of its components. Clients compute both
/// themselves.
#[must_use]
pub fn ids(class_id: i64) -> [String; 2] {
    [format!("{class_id}_chat"), class_id.to_string()]
}

/// Gives a class its two groups.
pub(in crate::domain) fn add_for_class(
    conn: &mut Conn,
    enterprise_id: i64,
    class_id: i64,
    engine: Engine,
    now: Millis,
) -> Result<()> {
    let [chat, command] = ids(class_id);
    let group = |group_id: String, kind| NewGroup {
        enterprise_id,
        name: group_id.clone(),
        group_id,
        kind,
        engine,
        class_id: Some(class_id),
        organization_id: None,
        avatar: String::new(),
        create_time: now,
        last_sequence: 0,
        course_id: None,
    };
    Ok(store::chat::group::insert(conn, &[group(chat, GroupKind::Chat), group(command, GroupKind::Command)])?)
}

/// What the group of a course is called.
fn id(course_id: i64) -> String {
    format!("course_{course_id}")
}

/// A course that gets a group.
#[derive(Clone, Debug)]
pub(in crate::domain) struct CourseGroup {
    pub enterprise_id: i64,
    pub organization_id: i64,
    pub course_id: i64,
    pub name: String,
    pub avatar: String,
}

/// Gives a course its group.
pub(in crate::domain) fn add_for_course(conn: &mut Conn, course: CourseGroup, now: Millis) -> Result<()> {
    let group = NewGroup {
        enterprise_id: course.enterprise_id,
        group_id: id(course.course_id),
        kind: GroupKind::Course,
        engine: Engine::Local,
        class_id: None,
        organization_id: Some(course.organization_id),
        name: course.name,
        avatar: course.avatar,
        create_time: now,
        last_sequence: 0,
        course_id: Some(course.course_id),
    };
    Ok(store::chat::group::insert(conn, &[group])?)
}

/// Gives lessons the groups of their components; people write in that of the course.
pub(in crate::domain) fn add_for_lessons(
    conn: &mut Conn,
    enterprise_id: i64,
    class_ids: &[i64],
    now: Millis,
) -> Result<()> {
    let group = |class_id: &i64| {
        let [_, command] = ids(*class_id);
        NewGroup {
            enterprise_id,
            name: command.clone(),
            group_id: command,
            kind: GroupKind::Command,
            engine: Engine::Local,
            class_id: Some(*class_id),
            organization_id: None,
            avatar: String::new(),
            create_time: now,
            last_sequence: 0,
            course_id: None,
        }
    };
    Ok(store::chat::group::insert(conn, &class_ids.iter().map(group).collect::<Vec<_>>())?)
}

/// As whom the hosted chat service is called: an administrator of an application there.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// The application.
    pub sdkappid: i64,
    /// The administrator …
    pub admin_id: String,
    /// … and their ticket.
    pub admin_sig: String,
}

impl Administrator {
    fn deletion(&self, enterprise_id: i64, group_id: String, made: bool, due: Millis) -> GroupDeletion {
        GroupDeletion {
            enterprise_id,
            group_id,
            sdkappid: self.sdkappid,
            admin_id: self.admin_id.clone(),
            admin_sig: self.admin_sig.clone(),
            made,
            due,
            attempts: 0,
        }
    }
}

/// Schedules the deletion of groups that a hosted chat service is about to create. [`cancel_deletions`] cancels it when the class
/// is written.
pub(in crate::domain) fn schedule_deletions(
    conn: &mut Conn,
    enterprise_id: i64,
    group_ids: &[String],
    administrator: &Administrator,
    due: Millis,
) -> Result<()> {
    let deletion = |group_id: &String| administrator.deletion(enterprise_id, group_id.clone(), false, due);
    Ok(store::chat::group_deletion::insert(conn, &group_ids.iter().map(deletion).collect::<Vec<_>>())?)
}

/// Cancels the deletion of groups, because their class is written. Returns whether every deletion was still there: if not, the
/// groups may be gone already.
pub(in crate::domain) fn cancel_deletions(conn: &mut Conn, enterprise_id: i64, group_ids: &[String]) -> Result<bool> {
    Ok(store::chat::group_deletion::cancel(conn, enterprise_id, group_ids)? >= group_ids.len())
}

/// Schedules the deletion of the groups that the hosted chat service created for a class which is removed.
pub(in crate::domain) fn delete_hosted(
    conn: &mut Conn,
    enterprise_id: i64,
    class_id: i64,
    administrator: &Administrator,
    now: Millis,
) -> Result<()> {
    let groups = store::chat::group::of_class(conn, enterprise_id, class_id)?;
    let hosted = groups.into_iter().filter(|group| group.engine == Engine::Tencent);
    let deletions: Vec<GroupDeletion> =
        hosted.map(|group| administrator.deletion(enterprise_id, group.group_id, true, now)).collect();
    if deletions.is_empty() { Ok(()) } else { Ok(store::chat::group_deletion::insert(conn, &deletions)?) }
}

/// The class of these groups was not written. The groups that the service created are deleted at once. For those it refused
/// there is nothing to delete. What became of the others is unknown, so their deletion stays scheduled.
///
/// # Errors
/// Only the database's.
pub fn abandon(conn: &mut Conn, enterprise_id: i64, made: &[String], refused: &[String], now: Millis) -> Result<()> {
    store::chat::group_deletion::expedite(conn, enterprise_id, made, now)?;
    store::chat::group_deletion::cancel(conn, enterprise_id, refused)?;
    Ok(())
}
