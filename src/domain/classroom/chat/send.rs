//! Sending a message in a class.

use super::draft::{Draft, Sent, used};
use super::groups::{message_id, stored};
use super::logging::{Speaker, append, log_in_lessons};
use super::speaking::check_may_send;
use super::{image, private};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::class;
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::domain::tenancy::user;
use crate::store;
use crate::store::chat::group::Group;
use crate::store::chat::message::{Message, NewMessage};
use crate::store::classroom::class::Class;
use crate::store::ids::{ClassId, CourseId, EnterpriseId};
use crate::store::tenancy::user::User;

/// Sends a message in a class that has not ended: privately, or to the named group, or to the chat group. A message that
/// was already sent with the same `random` is not sent again.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::ClassEnded`]; [`Error::Forbidden`] when the receiver gets no
/// private messages of the sender; [`Error::Invalid`] when the class has no such group, when the group is one of the hosted
/// chat service, when an image was not uploaded by the sender for this class, and when `random` was used for another
/// message.
///
/// [`Error::UnknownClass`]: crate::domain::Error::UnknownClass
/// [`Error::UnknownUser`]: crate::domain::Error::UnknownUser
/// [`Error::ClassEnded`]: crate::domain::Error::ClassEnded
/// [`Error::Forbidden`]: crate::domain::Error::Forbidden
/// [`Error::Invalid`]: crate::domain::Error::Invalid
pub fn send(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    draft: Draft,
    now: Millis,
) -> Result<Sent> {
    let class = class::lock(conn, enterprise_id, class_id)?;
    send_in(conn, &class, draft, now)
}

/// Like [`send`], but the sender must be inside the class. Silenced users can write private texts, and the components of
/// silenced users can write to the other components.
///
/// # Errors
/// Those of [`send`]; [`Error::Forbidden`](crate::domain::Error::Forbidden) when the sender is not inside, or is silenced.
pub fn send_from_inside(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    draft: Draft,
    now: Millis,
) -> Result<Sent> {
    let class = class::lock(conn, enterprise_id, class_id)?;
    check_may_send(conn, &class, &draft)?;
    send_in(conn, &class, draft, now)
}

/// Sends a message in a locked class. The lock keeps those who begin to follow the class from missing the message.
fn send_in(conn: &mut Conn, class: &Class, draft: Draft, now: Millis) -> Result<Sent> {
    let sender = user::require(conn, class.enterprise_id, &draft.user_id)?;
    class::check_not_over(class)?;
    if draft.receiver_id.is_some() {
        return private::send(conn, class, &sender, draft, now);
    }
    let group = stored(conn, class, draft.group_id.as_deref())?;
    // Prevents a concurrent transaction from sending the same message.
    store::chat::group::lock(conn, class.enterprise_id, &group.group_id)?;
    if let Some(random) = draft.random
        && let Some(first) = store::chat::message::find(conn, &group, &draft.user_id, random)?
    {
        let is_same = first.is_recalled() || draft.content.is(first.shown_kind(), &first.content);
        return if is_same { Ok(sent(&group, &first)) } else { Err(used(random)) };
    }
    let kind = draft.content.kind();
    let new = NewMessage {
        enterprise_id: class.enterprise_id,
        group_key: group.id,
        sequence: store::chat::group::next_sequence(conn, class.enterprise_id, group.id)?,
        kind: kind.into(),
        content: image::settle(conn, class, &sender.user_id, draft.content)?,
        user_id: draft.user_id,
        random: draft.random,
        create_time: now,
        sender_name: String::new(),
        sender_avatar: String::new(),
    };
    let message = store::chat::message::insert(conn, &new)?;
    // In this order: a transaction that has published must not wait for rows.
    log_in_group(conn, class, &group, &sender, &message, now)?;
    if let Some(course_id) = group.course_id {
        publish_message(conn, class, CourseMessage { course_id, sender: &sender, message: &message }, now)?;
    }
    Ok(sent(&group, &message))
}

fn sent(group: &Group, message: &Message) -> Sent {
    let message_id = message_id(group, message.sequence);
    Sent { message_id, sequence: message.sequence, send_time: message.create_time }
}

/// Appends the message to the log of the class, or of all lessons that have the same group.
fn log_in_group(
    conn: &mut Conn,
    class: &Class,
    group: &Group,
    sender: &User,
    message: &Message,
    now: Millis,
) -> Result<()> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    if let Some(course_id) = group.course_id {
        return log_in_lessons(conn, course_id, message, Some(sender), now);
    }
    let speaker = Speaker::in_class(conn, class_id, sender)?;
    let said = speaker.says(class_id, message_id(group, message.sequence), message);
    append(conn, (enterprise_id, class_id), said, now)
}

/// A message in the group of a course.
#[derive(Clone, Copy)]
struct CourseMessage<'a> {
    course_id: CourseId,
    sender: &'a User,
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
        name: sender.nickname.clone(),
        role: Some(reserved.unwrap_or(sender.role)),
        avatar: sender.avatar.clone(),
        holds: message.shown_kind(),
        content: message.content.clone(),
    };
    event::publish_to_organization(conn, &enterprise, Some(organization), &said, now)
}
