//! Private messages in a class: of one person to another. They are numbered from 1 in the class. No group has them.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::chat::message::MessageKind;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::private_messages;
use crate::store::schema::private_messages::dsl;
use crate::store::{Page, Paged, Result, Start};

/// A private message.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = private_messages, treat_none_as_default_value = false)]
pub struct PrivateMessage {
    /// The class.
    pub class_id: ClassId,
    /// The number within the class, from 1.
    pub number: i64,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The sequence number of the last message of the chat group before it.
    pub after_sequence: i64,
    /// The `user_id` of the sender.
    pub user_id: String,
    /// The `user_id` of the receiver.
    pub receiver_id: String,
    /// The type of the content.
    pub kind: MessageKind,
    /// The text, the stored address of the image, or the custom data; empty after a recall.
    pub content: String,
    /// The sender's own number for the message, used to detect duplicates.
    pub random: Option<i64>,
    /// When it was sent.
    pub create_time: Millis,
    /// The user who recalled it; empty if nobody did.
    pub recalled_by: String,
}

impl PrivateMessage {
    /// Whether a user sent or got it.
    #[must_use]
    pub fn is_of(&self, user_id: &str) -> bool {
        self.user_id == user_id || self.receiver_id == user_id
    }
}

/// Inserts a message.
pub fn insert(conn: &mut Conn, new: &PrivateMessage) -> Result<()> {
    diesel::insert_into(dsl::private_messages).values(new).execute(conn).map(drop)
}

/// Returns the number of the last private message of a class; 0 if there is none.
pub fn last_number(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    let last: Option<i64> = of_class(enterprise_id, class_id)
        .order(dsl::number.desc())
        .select(dsl::number)
        .limit(1)
        .get_result(conn)
        .optional()?;
    Ok(last.unwrap_or(0))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_class(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    dsl::private_messages.filter(dsl::class_id.eq(class_id)).filter(dsl::enterprise_id.eq(enterprise_id))
}

/// Returns a message by its number.
pub fn get(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    number: i64,
) -> Result<Option<PrivateMessage>> {
    of_class(enterprise_id, class_id).filter(dsl::number.eq(number)).get_result(conn).optional()
}

/// Returns the message that a user sent in a class with this number of their own.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
    random: i64,
) -> Result<Option<PrivateMessage>> {
    of_class(enterprise_id, class_id)
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::random.eq(random))
        .get_result(conn)
        .optional()
}

/// Returns the last messages from or to a user with numbers below `end`, newest first.
pub fn last_before(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
    end: i64,
    at_most: i64,
) -> Result<Vec<PrivateMessage>> {
    // Each is a range of an index. Nobody writes to themselves, so no message is in both.
    let mut found: Vec<PrivateMessage> = of_class(enterprise_id, class_id)
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::number.lt(end))
        .order(dsl::number.desc())
        .limit(at_most)
        .load(conn)?;
    let received: Vec<PrivateMessage> = of_class(enterprise_id, class_id)
        .filter(dsl::receiver_id.eq(user_id))
        .filter(dsl::number.lt(end))
        .order(dsl::number.desc())
        .limit(at_most)
        .load(conn)?;
    found.extend(received);
    found.sort_unstable_by_key(|message| std::cmp::Reverse(message.number));
    found.truncate(usize::try_from(at_most).unwrap_or_default());
    Ok(found)
}

/// Returns the number of the first message of a class that was sent after the message of its chat group with this sequence
/// number; `None` if there is none.
pub fn first_after(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    sequence: i64,
) -> Result<Option<i64>> {
    of_class(enterprise_id, class_id)
        .filter(dsl::after_sequence.ge(sequence))
        .order((dsl::after_sequence, dsl::number))
        .select(dsl::number)
        .limit(1)
        .get_result(conn)
        .optional()
}

/// Returns the messages of a class in order. The cost is the same at any position, because a row index is a number.
pub fn list(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    page: Page,
) -> Result<Paged<PrivateMessage>> {
    let before = match page.start {
        Start::Index(index) => index,
        Start::After(number) => number.unwrap_or(0),
    };
    let total = last_number(conn, enterprise_id, class_id)?;
    let rows = of_class(enterprise_id, class_id)
        .filter(dsl::number.gt(before))
        .order(dsl::number)
        .limit(page.limit())
        .load(conn)?;
    Ok(Paged::new(total, page, rows, |message: &PrivateMessage| message.number))
}

/// Removes the content of a message, and records who recalled it.
pub fn recall(conn: &mut Conn, message: &PrivateMessage, recalled_by: &str) -> Result<()> {
    diesel::update(of_class(message.enterprise_id, message.class_id).filter(dsl::number.eq(message.number)))
        .set((dsl::content.eq(""), dsl::recalled_by.eq(recalled_by)))
        .execute(conn)
        .map(drop)
}
