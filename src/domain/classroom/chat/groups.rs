//! The groups of a class.

use crate::db::Conn;
use crate::domain::chat::group::ids;
use crate::domain::classroom::class;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::chat::group::{Engine, Group, GroupKind};
use crate::store::chat::message::Message;
use crate::store::chat::message_id::MessageId;
use crate::store::classroom::class::Class;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::{Page, Paged};

/// The groups of a class, chat group first: two, or none when the class was created without groups. The chat group of a
/// lesson is the group of its course.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn of_class(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Vec<Group>> {
    let class = class::require(conn, enterprise_id, class_id)?;
    of(conn, &class)
}

pub(in crate::domain::classroom) fn of(conn: &mut Conn, class: &Class) -> Result<Vec<Group>> {
    let shared = match class.course_id {
        Some(course_id) => store::chat::group::of_course(conn, class.enterprise_id, course_id)?,
        None => None,
    };
    let own = store::chat::group::of_class(conn, class.enterprise_id, class.class_id)?;
    Ok(shared.into_iter().chain(own).collect())
}

/// One group of an existing class: the named one, or the chat group.
pub(super) fn named(conn: &mut Conn, class: &Class, group_id: Option<&str>) -> Result<Group> {
    let class_id = class.class_id;
    // Clients compute the chat group id of a lesson like that of any class.
    let [chat, _] = ids(class_id);
    let wanted = |group: &Group| match (group_id, group.kind) {
        (None, kind) => matches!(kind, GroupKind::Chat | GroupKind::Course),
        (Some(group_id), GroupKind::Course) => group_id == chat || group_id == group.group_id,
        (Some(group_id), _) => group_id == group.group_id,
    };
    let found = of(conn, class)?.into_iter().find(wanted);
    let missing = || Problem::NoGroupOfClass { class_id, group_id: group_id.map(str::to_owned) };
    found.ok_or_else(|| Error::invalid(Field::Group, missing()))
}

/// Like [`named`], and its messages are stored here.
pub(super) fn stored(conn: &mut Conn, class: &Class, group_id: Option<&str>) -> Result<Group> {
    let group = named(conn, class, group_id)?;
    if group.engine == Engine::Tencent {
        return Err(Error::invalid(Field::Group, Problem::InHostedChat(group.group_id)));
    }
    Ok(group)
}

/// The messages of a group of a class. Messages of hosted groups are not stored here.
///
/// # Errors
/// [`Error::UnknownClass`]; [`Error::Invalid`] when the class has no such group.
pub fn messages(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    group_id: Option<&str>,
    page: Page,
) -> Result<Paged<Message>> {
    let class = class::require(conn, enterprise_id, class_id)?;
    let group = named(conn, &class, group_id)?;
    Ok(store::chat::message::list(conn, &group, page)?)
}

/// The id of a message of a group of the class.
pub(super) fn message_id(group: &Group, sequence: i64) -> MessageId {
    match group.kind {
        GroupKind::Command => MessageId::Command(sequence),
        GroupKind::Chat | GroupKind::Course | GroupKind::Free => MessageId::Chat(sequence),
    }
}
