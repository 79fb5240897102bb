//! What is said in a class: private messages, images, recalled messages, the log of messages, and masked words.

use lectern::db::Conn;
use lectern::domain::Error;
use lectern::store::chat::filter_word;
use lectern::store::chat::filter_word::FilterWord;
use lectern::store::chat::group;
use lectern::store::chat::group::Group;
use lectern::store::chat::message;
use lectern::store::chat::message::{Message, MessageKind};
use lectern::store::chat::message_id::MessageId;
use lectern::store::chat::private_message;
use lectern::store::chat::private_message::PrivateMessage;
use lectern::store::classroom::chat_image;
use lectern::store::classroom::chat_image::ChatImage;
use lectern::store::classroom::log;
use lectern::store::classroom::log::{Audience, LogEvent};
use lectern::store::classroom::logged_message;
use lectern::store::classroom::member;
use lectern::store::ids::{ClassId, EnterpriseId};

use super::ALL;

const WORD: &str = "bad";

fn image_key(owner: EnterpriseId) -> String {
    format!("image of {owner}")
}

fn event() -> LogEvent {
    LogEvent::MessageRecalled { message_id: MessageId::Private(1), user_id: "u1".into() }
}

/// Adds a row of each kind.
pub fn say(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<(), Error> {
    let message = PrivateMessage {
        class_id,
        number: 1,
        enterprise_id,
        after_sequence: 1,
        user_id: "u1".into(),
        receiver_id: "u2".into(),
        kind: MessageKind::Text,
        content: "psst".into(),
        random: Some(1),
        create_time: 1,
        recalled_by: String::new(),
    };
    private_message::insert(conn, &message)?;
    let image = ChatImage {
        file_key: image_key(enterprise_id),
        enterprise_id,
        class_id,
        user_id: "u1".into(),
        address: "/files/a/image.png".into(),
        is_sent: false,
        create_time: 1,
    };
    chat_image::insert(conn, &image)?;
    let word = FilterWord { enterprise_id, folded: WORD.into(), word: WORD.into(), create_time: 1 };
    assert_eq!(filter_word::insert(conn, &[word])?, 1);
    log::start(conn, enterprise_id, class_id)?;
    let class = (enterprise_id, class_id);
    let sequence = log::append(conn, class, &Audience::Everyone, &event(), 1)?.unwrap();
    logged_message::insert(conn, class, MessageId::Private(1), sequence)?;
    Ok(())
}

fn chat_group(conn: &mut Conn, me: EnterpriseId, owner: EnterpriseId, class_id: ClassId) -> Result<Group, Error> {
    let group = group::of_class(conn, owner, class_id)?.remove(0);
    Ok(Group { enterprise_id: me, ..group })
}

/// Everything that a tenant finds of a class by its id.
pub fn found_said(conn: &mut Conn, me: EnterpriseId, owner: EnterpriseId, class_id: ClassId) -> Result<String, Error> {
    let group = chat_group(conn, me, owner, class_id)?;
    Ok(format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        message::get(conn, &group, 1)?,
        message::last_before(conn, &group, 9, 9)?,
        private_message::get(conn, me, class_id, 1)?,
        private_message::find(conn, me, class_id, "u1", 1)?,
        private_message::last_number(conn, me, class_id)?,
        private_message::last_before(conn, me, class_id, "u2", 9, 9)?,
        private_message::first_after(conn, me, class_id, 1)?,
        private_message::list(conn, me, class_id, ALL)?,
        chat_image::find(conn, me, &image_key(owner))?,
        chat_image::keys(conn, me, &[class_id])?,
        logged_message::find(conn, me, class_id, MessageId::Private(1))?,
        log::get(conn, me, class_id, 1)?,
        member::of_users(conn, me, class_id, &["u1".into(), "u2".into()])?,
    ))
}

/// What [`found_said`] finds of nothing.
pub const NOTHING_SAID: &str =
    "None [] None None 0 [] None Paged { total: 0, rows: [], finish: true, next: None } None [] None None []";

/// The masked words of a tenant.
pub fn words(conn: &mut Conn, me: EnterpriseId) -> Result<(i64, Vec<FilterWord>), Error> {
    Ok((filter_word::count(conn, me)?, filter_word::list(conn, me)?))
}

/// Makes every possible change to what was said in a class of another tenant.
pub fn change_said(conn: &mut Conn, me: EnterpriseId, owner: EnterpriseId, class_id: ClassId) -> Result<(), Error> {
    let group = chat_group(conn, owner, owner, class_id)?;
    let said = message::get(conn, &group, 1)?.unwrap();
    message::recall(conn, &Message { enterprise_id: me, ..said }, "taken")?;
    let whispered = private_message::get(conn, owner, class_id, 1)?.unwrap();
    private_message::recall(conn, &PrivateMessage { enterprise_id: me, ..whispered }, "taken")?;
    chat_image::set_sent(conn, me, &image_key(owner))?;
    chat_image::delete(conn, me, &image_key(owner))?;
    let other = LogEvent::MessageRecalled { message_id: MessageId::Private(1), user_id: "taken".into() };
    log::replace(conn, me, class_id, 1, &other)?;
    assert_eq!(log::append(conn, (me, class_id), &Audience::Everyone, &other, 1)?, None);
    // The own word goes.
    assert_eq!(filter_word::delete(conn, me, &[WORD.into()])?, 1);
    Ok(())
}
