//! Private messages: of a pupil or visitor to those who lead the class, and of these to everybody in it.

use super::draft::{Draft, Sent, used};
use super::groups::stored;
use super::image;
use super::logging::{Speaker, append};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::{class, log, member};
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::chat::message_id::MessageId;
use crate::store::chat::private_message::PrivateMessage;
use crate::store::classroom::class::Class;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::user::{Role, User};
use crate::store::{Page, Paged};

/// Sends a private message in a locked class that has a chat here.
pub(super) fn send(conn: &mut Conn, class: &Class, sender: &User, draft: Draft, now: Millis) -> Result<Sent> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    if draft.group_id.is_some() {
        return Err(Error::invalid(Field::MessageReceiver, Problem::PrivateToGroup));
    }
    let chat = stored(conn, class, None)?;
    let receiver_id = draft.receiver_id.unwrap_or_default();
    if let Some(random) = draft.random
        && let Some(first) = store::chat::private_message::find(conn, enterprise_id, class_id, &sender.user_id, random)?
    {
        let is_same = first.receiver_id == receiver_id
            && (!first.recalled_by.is_empty() || draft.content.is(first.kind, &first.content));
        return if is_same { Ok(sent(&first)) } else { Err(used(random)) };
    }
    check_receiver(conn, class, sender, &receiver_id)?;
    let message = PrivateMessage {
        class_id,
        // The class is locked.
        number: store::chat::private_message::last_number(conn, enterprise_id, class_id)? + 1,
        enterprise_id,
        after_sequence: chat.last_sequence,
        user_id: sender.user_id.clone(),
        receiver_id,
        kind: draft.content.kind(),
        content: image::settle(conn, class, &sender.user_id, draft.content)?,
        random: draft.random,
        create_time: now,
        recalled_by: String::new(),
    };
    store::chat::private_message::insert(conn, &message)?;
    if log::is_followed(conn, enterprise_id, class_id)? {
        let said = Speaker::in_class(conn, class_id, sender)?.whispers(&message);
        append(conn, (enterprise_id, class_id), said, now)?;
    }
    Ok(sent(&message))
}

fn sent(message: &PrivateMessage) -> Sent {
    Sent { message_id: MessageId::Private(message.number), sequence: 0, send_time: message.create_time }
}

/// Checks that a user gets private messages of the sender. The answer is the same for a user who does not exist.
fn check_receiver(conn: &mut Conn, class: &Class, sender: &User, receiver_id: &str) -> Result<()> {
    let is_receiver = receiver_id != sender.user_id
        && match store::tenancy::user::find(conn, class.enterprise_id, receiver_id)? {
            Some(receiver) => {
                leads(conn, class, &receiver)?
                    || (member::can_moderate(conn, class, &sender.user_id)? && belongs(conn, class, receiver_id)?)
            }
            None => false,
        };
    if is_receiver {
        return Ok(());
    }
    let (user_id, class_id) = (receiver_id.to_owned(), class.class_id);
    Err(Error::Forbidden(Forbidden::NotReceiver { user_id, class_id }))
}

/// Whether a user leads the class: its teacher and assistants, and administrators while they are inside.
fn leads(conn: &mut Conn, class: &Class, user: &User) -> Result<bool> {
    let (enterprise_id, class_id, user_id) = (class.enterprise_id, class.class_id, user.user_id.as_str());
    if !member::can_moderate(conn, class, user_id)? {
        return Ok(false);
    }
    let reserved = store::classroom::member::role(conn, enterprise_id, class_id, user_id)?;
    Ok(reserved.is_some_and(Role::can_moderate)
        || store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)?.is_some())
}

/// Whether a user is reserved for the class or was inside, and was not put out.
fn belongs(conn: &mut Conn, class: &Class, user_id: &str) -> Result<bool> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    let belongs = store::classroom::member::role(conn, enterprise_id, class_id, user_id)?.is_some()
        || store::classroom::session::last(conn, enterprise_id, class_id, user_id)?.is_some();
    Ok(belongs && !store::classroom::ban::exists(conn, enterprise_id, class_id, user_id)?)
}

/// The private messages of a class, for the back end of its enterprise.
///
/// # Errors
/// [`Error::UnknownClass`].
pub fn list(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    page: Page,
) -> Result<Paged<PrivateMessage>> {
    class::require(conn, enterprise_id, class_id)?;
    Ok(store::chat::private_message::list(conn, enterprise_id, class_id, page)?)
}
