//! Creating the groups of classes and courses, and scheduling the deletion of hosted groups.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::chat::group::{Engine, GroupKind, NewGroup};
use crate::store::chat::group_deletion::GroupDeletion;
use crate::store::ids::{ClassId, CourseId, EnterpriseId, OrganizationId};

/// The ids of the two groups of a class: the chat group, and the command group of its components. Clients compute both
/// themselves.
#[must_use]
pub fn ids(class_id: ClassId) -> [String; 2] {
    [format!("{class_id}_chat"), class_id.to_string()]
}

/// Creates the two groups of a class.
pub(in crate::domain) fn add_for_class(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
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

/// The id of the group of a course.
fn id(course_id: CourseId) -> String {
    format!("course_{course_id}")
}

/// The fields of the group of a course.
#[derive(Clone, Debug)]
pub(in crate::domain) struct CourseGroup {
    pub enterprise_id: EnterpriseId,
    pub organization_id: OrganizationId,
    pub course_id: CourseId,
    pub name: String,
    pub avatar: String,
}

/// Creates the group of a course.
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

/// Creates the command groups of lessons. Their chat is the group of the course.
pub(in crate::domain) fn add_for_lessons(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    now: Millis,
) -> Result<()> {
    let group = |class_id: &ClassId| {
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

/// The account that calls the hosted chat service: an administrator of an application there.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// The application.
    pub sdkappid: i64,
    /// The user id of the administrator …
    pub admin_id: String,
    /// … and their signature.
    pub admin_sig: String,
}

impl Administrator {
    fn deletion(&self, enterprise_id: EnterpriseId, group_id: String, made: bool, due: Millis) -> GroupDeletion {
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

/// Schedules the deletion of groups that a hosted chat service is about to create. [`cancel_deletions`] cancels it when
/// the class is written.
pub(in crate::domain) fn schedule_deletions(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    group_ids: &[String],
    administrator: &Administrator,
    due: Millis,
) -> Result<()> {
    let deletion = |group_id: &String| administrator.deletion(enterprise_id, group_id.clone(), false, due);
    Ok(store::chat::group_deletion::insert(conn, &group_ids.iter().map(deletion).collect::<Vec<_>>())?)
}

/// Cancels the deletion of groups, because their class is written. Returns whether every deletion was still scheduled.
/// If not, the groups may be deleted already.
pub(in crate::domain) fn cancel_deletions(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    group_ids: &[String],
) -> Result<bool> {
    Ok(store::chat::group_deletion::cancel(conn, enterprise_id, group_ids)? >= group_ids.len())
}

/// Schedules the deletion of the hosted groups of a class that is deleted.
pub(in crate::domain) fn delete_hosted(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    administrator: &Administrator,
    now: Millis,
) -> Result<()> {
    let groups = store::chat::group::of_class(conn, enterprise_id, class_id)?;
    let hosted = groups.into_iter().filter(|group| group.engine == Engine::Tencent);
    let deletions: Vec<GroupDeletion> =
        hosted.map(|group| administrator.deletion(enterprise_id, group.group_id, true, now)).collect();
    if deletions.is_empty() { Ok(()) } else { Ok(store::chat::group_deletion::insert(conn, &deletions)?) }
}

/// Cleans up after a class that was not written. Groups that the service created are deleted at once. Groups that it
/// refused need no deletion. The state of the others is unknown, so their deletion stays scheduled.
///
/// # Errors
/// Only those of the database.
pub fn abandon(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    made: &[String],
    refused: &[String],
    now: Millis,
) -> Result<()> {
    store::chat::group_deletion::expedite(conn, enterprise_id, made, now)?;
    store::chat::group_deletion::cancel(conn, enterprise_id, refused)?;
    Ok(())
}
