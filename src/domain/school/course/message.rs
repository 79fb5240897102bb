//! Messages of the channel in the group of a course. Users write to the same group during lessons.

use super::rules;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::chat::filter::Masked;
use crate::domain::classroom::chat::log_in_lessons;
use crate::domain::events::event;
use crate::domain::events::event::EventPayload;
use crate::domain::tenancy::channel::Access;
use crate::domain::{Error, Noun, Result};
use crate::store;
use crate::store::chat::message::{Message, MessageKind, NewMessage};
use crate::store::ids::CourseId;

/// A message by a sender who is not a user.
#[derive(Clone, Debug)]
pub struct Post {
    /// The sender's name.
    pub name: String,
    /// The address of the sender's picture.
    pub avatar: String,
    /// The text.
    pub text: Masked,
    /// When it was written.
    pub time: Millis,
}

/// Stores an external message in the group of a course and publishes its event to the organization.
///
/// # Errors
/// [`Error::NotFound`].
pub fn post(conn: &mut Conn, access: &Access, course_id: CourseId, post: Post, now: Millis) -> Result<Message> {
    // The deletion of the course locks it first, too.
    rules::lock(conn, &access.channel, course_id)?;
    let enterprise_id = access.enterprise.enterprise_id;
    let group = store::chat::group::of_course(conn, enterprise_id, course_id)?;
    let group = group.ok_or(Error::NotFound { noun: Noun::Course, id: course_id.0 })?;
    let new = NewMessage {
        enterprise_id,
        group_key: group.id,
        sequence: store::chat::group::next_sequence(conn, enterprise_id, group.id)?,
        user_id: String::new(),
        kind: MessageKind::Text.into(),
        content: post.text.into_text(),
        random: None,
        create_time: post.time,
        sender_name: post.name,
        sender_avatar: post.avatar,
    };
    let message = store::chat::message::insert(conn, &new)?;
    log_in_lessons(conn, course_id, &message, None, now)?;
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
