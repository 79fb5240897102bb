//! The group of a course: people write in it in each lesson, and the channel from outside.

use super::{Engine, GroupKind, Message, MessageKind, NewGroup, NewMessage, ids};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::events::event;
use crate::domain::events::event::{EventPayload, Listener};
use crate::domain::school::course;
use crate::domain::tenancy::channel::Access;
use crate::domain::{Error, Noun, Result};
use crate::store;
use crate::store::classroom::class::Class;
use crate::store::school::course::Course;
use crate::store::tenancy::user::User;

/// What the group of a course is called.
fn id(course_id: i64) -> String {
    format!("course_{course_id}")
}

/// Gives a course its group.
pub(in crate::domain) fn add_for_course(conn: &mut Conn, course: &Course, now: Millis) -> Result<()> {
    let group = NewGroup {
        enterprise_id: course.enterprise_id,
        group_id: id(course.course_id),
        kind: GroupKind::Course,
        engine: Engine::Local,
        class_id: None,
        organization_id: Some(course.organization_id),
        name: course.title.clone(),
        avatar: course.poster.clone(),
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

/// What somebody who is no user says in the group of a course.
#[derive(Clone, Debug)]
pub struct Post {
    /// What they are called.
    pub name: String,
    /// The address of their picture.
    pub avatar: String,
    /// What they say.
    pub text: String,
    /// When they said it.
    pub time: Millis,
}

/// Writes down in the group of a course what was said outside. Its organization is told.
///
/// # Errors
/// [`Error::NotFound`].
pub fn post(conn: &mut Conn, access: &Access, course_id: i64, post: Post, now: Millis) -> Result<Message> {
    course::require(conn, &access.channel, course_id)?;
    let enterprise_id = access.enterprise.enterprise_id;
    let group = store::chat::group::of_course(conn, enterprise_id, course_id)?;
    let group = group.ok_or(Error::NotFound { noun: Noun::Course, id: course_id })?;
    let new = NewMessage {
        enterprise_id,
        group_key: group.id,
        sequence: store::chat::group::next_sequence(conn, enterprise_id, group.id)?,
        user_id: String::new(),
        kind: MessageKind::Text,
        content: post.text,
        random: None,
        create_time: post.time,
        sender_name: post.name,
        sender_avatar: post.avatar,
    };
    let message = store::chat::message::insert(conn, &new)?;
    if let Some(listener) = Listener::of(conn, enterprise_id, course_id)? {
        let said = EventPayload::Said {
            course_id,
            name: new.sender_name,
            role: None,
            avatar: new.sender_avatar,
            holds: message.kind,
            content: new.content,
        };
        event::record_for_organization(conn, &access.enterprise, Some(listener), said, now)?;
    }
    Ok(message)
}

/// Tells the organization of a course what was said in one of its lessons, if it wants to hear.
pub(super) fn tell(
    conn: &mut Conn,
    class: &Class,
    course_id: i64,
    speaker: User,
    message: &Message,
    now: Millis,
) -> Result<()> {
    let enterprise_id = class.enterprise_id;
    let Some(listener) = Listener::of(conn, enterprise_id, course_id)? else { return Ok(()) };
    let Some(enterprise) = store::tenancy::enterprise::get(conn, enterprise_id)? else { return Ok(()) };
    let reserved = store::classroom::member::role(conn, enterprise_id, class.class_id, &speaker.user_id)?;
    let said = EventPayload::Said {
        course_id,
        name: speaker.nickname,
        role: Some(reserved.unwrap_or(speaker.role)),
        avatar: speaker.avatar,
        holds: message.kind,
        content: message.content.clone(),
    };
    event::record_for_organization(conn, &enterprise, Some(listener), said, now)
}
