//! The message to a whole class: once a day, for classes and courses.

use serde_json::json;

use super::chat::of;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::chat::group::{Engine, Group, GroupKind};
use crate::store::chat::message::{MessageKind, NewMessage};
use crate::store::chat::push::NewPush;

/// How far the time of the protocols is ahead of UTC: a day is one in Beijing.
const AHEAD: Millis = 8 * 3_600_000;
const DAY: Millis = 24 * 3_600_000;

/// Writes down that a class, or a course, was messaged today, with a message in the group where its people write if the
/// group is kept here, and returns the number of the record.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::AlreadyMessaged`].
pub fn push(conn: &mut Conn, enterprise_id: i64, class_id: i64, now: Millis) -> Result<i64> {
    let day = now.saturating_add(AHEAD).div_euclid(DAY);
    let new = NewPush { enterprise_id, class_id: None, course_id: None, day, create_time: now };
    // The ids of classes have nine digits and those of courses count from 1: none is both.
    let (new, group) = if let Some(class) = store::classroom::class::find(conn, enterprise_id, class_id)? {
        let group = of(conn, &class)?.into_iter().find(|group| group.kind != GroupKind::Command);
        (NewPush { class_id: Some(class_id), ..new }, group)
    } else if let Some(group) = store::chat::group::of_course(conn, enterprise_id, class_id)? {
        (NewPush { course_id: Some(class_id), ..new }, Some(group))
    } else {
        return Err(Error::UnknownClass(class_id));
    };
    let push_id = store::chat::push::insert(conn, &new)?.ok_or(Error::AlreadyMessaged(class_id))?;
    if let Some(group) = group.filter(|group| group.engine == Engine::Local) {
        say(conn, &group, class_id, push_id, now)?;
    }
    Ok(push_id)
}

/// The message itself: the protocol has no words for it, so it is one that components read.
fn say(conn: &mut Conn, group: &Group, class_id: i64, push_id: i64, now: Millis) -> Result<()> {
    let message = NewMessage {
        enterprise_id: group.enterprise_id,
        group_key: group.id,
        sequence: store::chat::group::next_sequence(conn, group.enterprise_id, group.id)?,
        user_id: String::new(),
        kind: MessageKind::Custom,
        content: json!({ "class_id": class_id, "push_history_record_id": push_id }).to_string(),
        random: None,
        create_time: now,
        sender_name: String::new(),
        sender_avatar: String::new(),
    };
    store::chat::message::insert(conn, &message)?;
    Ok(())
}
