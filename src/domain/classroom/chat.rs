//! The chat of a class: its groups and their messages.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::chat::group::ids;
use crate::domain::classroom::{class, member};
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::domain::tenancy::user;
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::chat::group::{Engine, Group, GroupKind};
use crate::store::chat::message::{Message, MessageKind, NewMessage};
use crate::store::classroom::class::Class;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::tenancy::user::User;
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

pub(super) fn of(conn: &mut Conn, class: &Class) -> Result<Vec<Group>> {
    let shared = match class.course_id {
        Some(course_id) => store::chat::group::of_course(conn, class.enterprise_id, course_id)?,
        None => None,
    };
    let own = store::chat::group::of_class(conn, class.enterprise_id, class.class_id)?;
    Ok(shared.into_iter().chain(own).collect())
}

/// One group of an existing class: the named one, or the chat group.
fn named(conn: &mut Conn, class: &Class, group_id: Option<&str>) -> Result<Group> {
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

/// A new message.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of Message")]
pub struct Draft {
    /// The group. Default: the chat group.
    pub group_id: Option<String>,
    pub user_id: String,
    pub kind: MessageKind,
    pub content: String,
    pub random: Option<i64>,
}

/// Sends a message to a group of a class that has not ended: the named group, or the chat group. A message that was
/// already sent with the same `random` is not sent again.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::ClassEnded`]; [`Error::Invalid`] when the class has no such
/// group, when the group is one of the hosted chat service, and when `random` was used for another message.
pub fn send(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    draft: Draft,
    now: Millis,
) -> Result<Message> {
    let class = class::require(conn, enterprise_id, class_id)?;
    let sender = user::require(conn, enterprise_id, &draft.user_id)?;
    class::check_not_over(&class)?;
    let group = named(conn, &class, draft.group_id.as_deref())?;
    if group.engine == Engine::Tencent {
        return Err(Error::invalid(Field::Group, Problem::InHostedChat(group.group_id)));
    }
    // Prevents a concurrent transaction from sending the same message.
    store::chat::group::lock(conn, enterprise_id, &group.group_id)?;
    if let Some(random) = draft.random
        && let Some(first) = store::chat::message::find(conn, &group, &draft.user_id, random)?
    {
        return if first.kind == draft.kind.into() && first.content == draft.content {
            Ok(first)
        } else {
            Err(Error::invalid(Field::MessageNumber, Problem::UsedForAnotherMessage(random)))
        };
    }
    let Draft { user_id, kind, content, random, .. } = draft;
    let new = NewMessage {
        enterprise_id,
        group_key: group.id,
        sequence: store::chat::group::next_sequence(conn, enterprise_id, group.id)?,
        user_id,
        kind: kind.into(),
        content,
        random,
        create_time: now,
        sender_name: String::new(),
        sender_avatar: String::new(),
    };
    let message = store::chat::message::insert(conn, &new)?;
    if let Some(course_id) = group.course_id {
        publish_message(conn, &class, CourseMessage { course_id, sender, message: &message }, now)?;
    }
    Ok(message)
}

/// Like [`send`], but the sender must be inside the class. Silenced users can't send text messages.
///
/// # Errors
/// Those of [`send`]; [`Error::Forbidden`] when the sender is not inside, or is silenced.
pub fn send_from_inside(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    draft: Draft,
    now: Millis,
) -> Result<Message> {
    let class = class::require(conn, enterprise_id, class_id)?;
    let user_id = &draft.user_id;
    let Some(session) = store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? else {
        let why = Error::Forbidden(Forbidden::NotInside { user_id: user_id.to_owned(), class_id });
        return Err(member::refusal(conn, &class, user_id, why)?);
    };
    if session.is_silenced() && draft.kind == MessageKind::Text {
        return Err(Error::Forbidden(Forbidden::Silenced { user_id: user_id.to_owned(), class_id }));
    }
    send(conn, enterprise_id, class_id, draft, now)
}

/// A message in the group of a course.
struct CourseMessage<'a> {
    course_id: CourseId,
    sender: User,
    message: &'a Message,
}

/// Publishes a message of a lesson to the organization of its course, if that has an address.
fn publish_message(conn: &mut Conn, class: &Class, said: CourseMessage<'_>, now: Millis) -> Result<()> {
    let CourseMessage { course_id, sender, message } = said;
    let enterprise_id = class.enterprise_id;
    let Some(organization) = event::organization_of_course(conn, enterprise_id, course_id)? else { return Ok(()) };
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(()) };
    let reserved = store::classroom::member::role(conn, enterprise_id, class.class_id, &sender.user_id)?;
    let said = EventPayload::Said {
        course_id,
        name: sender.nickname,
        role: Some(reserved.unwrap_or(sender.role)),
        avatar: sender.avatar,
        holds: message.shown_kind(),
        content: message.content.clone(),
    };
    event::publish_to_organization(conn, &enterprise, Some(organization), &said, now)
}
