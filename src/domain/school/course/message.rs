//! The group of a course: people write in it in each lesson, and the channel from outside.

use super::rules;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::domain::tenancy::channel::Access;
use crate::domain::{Error, Noun, Result};
use crate::store;
use crate::store::chat::message::{Message, MessageKind, NewMessage};

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
    rules::require(conn, &access.channel, course_id)?;
    let enterprise_id = access.enterprise.enterprise_id;
    let group = store::chat::group::of_course(conn, enterprise_id, course_id)?;
    let group = group.ok_or(Error::NotFound { noun: Noun::Course, id: course_id })?;
    let new = NewMessage {
        enterprise_id,
        group_key: group.id,
        sequence: store::chat::group::next_sequence(conn, enterprise_id, group.id)?,
        user_id: String::new(),
        kind: MessageKind::Text.into(),
        content: post.text,
        random: None,
        create_time: post.time,
        sender_name: post.name,
        sender_avatar: post.avatar,
    };
    let message = store::chat::message::insert(conn, &new)?;
    if let Some(organization) = event::organization_of_course(conn, enterprise_id, course_id)? {
        let said = EventPayload::Said {
            course_id,
            name: new.sender_name,
            role: None,
            avatar: new.sender_avatar,
            holds: message.shown_kind(),
            content: new.content,
        };
        event::publish_to_organization(conn, &access.enterprise, Some(organization), &said, now)?;
    }
    Ok(message)
}
