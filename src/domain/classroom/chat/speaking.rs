//! Who may say something in a class: those inside who are not silenced.

use super::draft::Draft;
use super::groups::stored;
use crate::db::Conn;
use crate::domain::classroom::member;
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::chat::group::GroupKind;
use crate::store::chat::message::MessageKind;
use crate::store::classroom::class::Class;
use crate::store::classroom::session::Session;

/// Checks that a user is inside a class, and not silenced if the message would disturb others.
pub(super) fn check_may_send(conn: &mut Conn, class: &Class, draft: &Draft) -> Result<()> {
    let session = check_inside(conn, class, &draft.user_id)?;
    if disturbs_nobody(conn, class, draft)? { Ok(()) } else { check_not_silenced(conn, class, &session) }
}

/// Whether a message is a private text, or data for the components.
fn disturbs_nobody(conn: &mut Conn, class: &Class, draft: &Draft) -> Result<bool> {
    Ok(match (draft.content.kind(), &draft.receiver_id) {
        (MessageKind::Text, Some(_)) => true,
        (MessageKind::Custom, None) => stored(conn, class, draft.group_id.as_deref())?.kind == GroupKind::Command,
        (MessageKind::Text, None) | (MessageKind::Image, _) | (MessageKind::Custom, Some(_)) => false,
    })
}

fn check_inside(conn: &mut Conn, class: &Class, user_id: &str) -> Result<Session> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    if let Some(session) = store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)? {
        return Ok(session);
    }
    let why = Error::Forbidden(Forbidden::NotInside { user_id: user_id.to_owned(), class_id });
    Err(member::refusal(conn, class, user_id, why)?)
}

/// Checks that a user is inside a class and not silenced.
pub(super) fn check_speaks(conn: &mut Conn, class: &Class, user_id: &str) -> Result<()> {
    let session = check_inside(conn, class, user_id)?;
    check_not_silenced(conn, class, &session)
}

/// Checks that somebody who is inside is not silenced. The silence of all is not for those who moderate.
fn check_not_silenced(conn: &mut Conn, class: &Class, session: &Session) -> Result<()> {
    let user_id = &session.user_id;
    let is_free =
        !session.is_silenced() || (class.settings.enable_all_silence && member::can_moderate(conn, class, user_id)?);
    if is_free {
        return Ok(());
    }
    Err(Error::Forbidden(Forbidden::Silenced { user_id: user_id.to_owned(), class_id: class.class_id }))
}
