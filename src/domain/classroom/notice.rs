//! Notices of events in a class, sent to the group of its components.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::chat::group;
use crate::domain::classroom::log;
use crate::domain::classroom::log::{Audience, LogEvent};
use crate::store;
use crate::store::chat::group::{Engine, Group};
use crate::store::chat::message::NewMessage;
pub(in crate::domain) use crate::store::chat::notice::{ClassAction, ClassNotice, DeviceStates, Notice};
use crate::store::classroom::class::Class;
use crate::store::classroom::hosted_message;
use crate::store::classroom::hosted_message::NewHostedMessage;
use crate::store::tenancy::user::Role;

/// Sends a notice to the command group of a class, if the class is a room and its group is local. Returns the sequence
/// number of the message, or 0 if none was sent.
///
/// The class must be locked and no event published yet: a transaction that has published must not wait for row locks.
pub(in crate::domain) fn send(conn: &mut Conn, class: &Class, notice: &Notice, now: Millis) -> Result<i64> {
    if !class.is_room() {
        return Ok(0);
    }
    let Some(group) = command_group(conn, class)?.filter(|group| group.engine == Engine::Local) else { return Ok(0) };
    let user_id = if let Notice::Entered { user_id } = notice { user_id } else { &class.teacher_id };
    store_in(conn, &group, user_id, notice, now)
}

/// Publishes what a user did in a class to its components, and to those who follow the class. A message to a hosted group is
/// sent after the commit.
///
/// As for [`send`], the class must be locked and no event published yet.
pub(super) fn publish(conn: &mut Conn, class: &Class, user_id: &str, action: ClassAction, now: Millis) -> Result<()> {
    let Class { enterprise_id, class_id, .. } = *class;
    let group = command_group(conn, class)?;
    if group.is_none() && !log::is_followed(conn, enterprise_id, class_id)? {
        return Ok(());
    }
    let notice = ClassNotice { user_id: user_id.to_owned(), role: role(conn, class, user_id)?, action };
    match group {
        None => {}
        Some(group) if group.engine == Engine::Local => {
            store_in(conn, &group, user_id, &Notice::InClass(notice.clone()), now)?;
        }
        Some(Group { group_id, .. }) => {
            let notice = notice.clone();
            let new = NewHostedMessage { enterprise_id, class_id, group_id, notice, create_time: now };
            hosted_message::insert(conn, &new)?;
        }
    }
    log::append(conn, (enterprise_id, class_id), &Audience::Everyone, &LogEvent::Control { notice }, now)?;
    Ok(())
}

fn command_group(conn: &mut Conn, class: &Class) -> Result<Option<Group>> {
    let [_, command] = group::ids(class.class_id);
    Ok(store::chat::group::find(conn, class.enterprise_id, &command)?)
}

fn store_in(conn: &mut Conn, group: &Group, user_id: &str, notice: &Notice, now: Millis) -> Result<i64> {
    let sequence = store::chat::group::next_sequence(conn, group.enterprise_id, group.id)?;
    store::chat::message::insert(conn, &NewMessage::notice(group, sequence, user_id.to_owned(), notice, now))?;
    Ok(sequence)
}

/// The role of a user in a class: the reserved one, or else that of the account.
fn role(conn: &mut Conn, class: &Class, user_id: &str) -> Result<Role> {
    if let Some(role) = store::classroom::member::role(conn, class.enterprise_id, class.class_id, user_id)? {
        return Ok(role);
    }
    let user = store::tenancy::user::find(conn, class.enterprise_id, user_id)?;
    Ok(user.map_or(Role::Student, |user| user.role))
}
