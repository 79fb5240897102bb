//! Messages of groups. They are numbered from 1 without gaps, so a sequence number marks a position in the group.

use super::group::Group;
use super::notice::Notice;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
pub use crate::store::events::payload::MessageKind;
use crate::store::ids::EnterpriseId;
use crate::store::schema::messages;
use crate::store::schema::messages::dsl;
use crate::store::text::words;
use crate::store::{Page, Paged, Result, Start};

words! {
    /// The type of a stored message.
    StoredKind {
        /// A [`MessageKind::Text`].
        Text = "text",
        /// A [`MessageKind::Image`].
        Image = "image",
        /// A [`MessageKind::Custom`].
        Custom = "custom",
        /// A [`Notice`] as JSON.
        Notice = "notice",
    }
}

impl From<MessageKind> for StoredKind {
    fn from(kind: MessageKind) -> Self {
        match kind {
            MessageKind::Text => Self::Text,
            MessageKind::Image => Self::Image,
            MessageKind::Custom => Self::Custom,
        }
    }
}

/// A message.
#[derive(Clone, Debug, Queryable)]
pub struct Message {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise of the group.
    pub enterprise_id: EnterpriseId,
    /// The row id of the group.
    pub group_key: i64,
    /// The sequence number within the group, from 1.
    pub sequence: i64,
    /// The `user_id` of the sender.
    pub user_id: String,
    /// The type of the content.
    pub kind: StoredKind,
    /// The text, the stored address of the image, the custom data, or the notice as JSON; empty after a recall.
    pub content: String,
    /// The sender's own number for the message, used to detect duplicates.
    pub random: Option<i64>,
    /// When it was sent.
    pub create_time: Millis,
    /// The display name of a sender who is not a user; empty for a user.
    pub sender_name: String,
    /// The avatar URL of a sender who is not a user.
    pub sender_avatar: String,
    /// The user who recalled it; empty if nobody did.
    pub recalled_by: String,
}

impl Message {
    /// Whether it was recalled.
    #[must_use]
    pub fn is_recalled(&self) -> bool {
        !self.recalled_by.is_empty()
    }

    /// Returns the notice, if the message is one.
    #[must_use]
    pub fn notice(&self) -> Option<Notice> {
        match self.kind {
            StoredKind::Notice => serde_json::from_str(&self.content).ok(),
            StoredKind::Text | StoredKind::Image | StoredKind::Custom => None,
        }
    }

    /// Returns the kind that readers see. Notices are for components, so they count as custom.
    #[must_use]
    pub fn shown_kind(&self) -> MessageKind {
        match self.kind {
            StoredKind::Text => MessageKind::Text,
            StoredKind::Image => MessageKind::Image,
            StoredKind::Custom | StoredKind::Notice => MessageKind::Custom,
        }
    }
}

/// A message to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Message")]
pub struct NewMessage {
    pub enterprise_id: EnterpriseId,
    pub group_key: i64,
    pub sequence: i64,
    pub user_id: String,
    pub kind: StoredKind,
    pub content: String,
    pub random: Option<i64>,
    pub create_time: Millis,
    pub sender_name: String,
    pub sender_avatar: String,
}

impl NewMessage {
    /// Creates a notice to a group. `user_id` is the user who caused it; empty for nobody.
    #[must_use]
    pub fn notice(group: &Group, sequence: i64, user_id: String, notice: &Notice, now: Millis) -> Self {
        Self {
            enterprise_id: group.enterprise_id,
            group_key: group.id,
            sequence,
            user_id,
            kind: StoredKind::Notice,
            // Serialisation can't fail: a notice has no maps.
            content: serde_json::to_string(notice).unwrap_or_default(),
            random: None,
            create_time: now,
            sender_name: String::new(),
            sender_avatar: String::new(),
        }
    }
}

/// Inserts a message and returns it.
pub fn insert(conn: &mut Conn, new: &NewMessage) -> Result<Message> {
    let insert = diesel::insert_into(dsl::messages).values(new).returning(messages::all_columns);
    insert.get_result(conn)
}

/// Returns the message that a user sent to a group with this number.
pub fn find(conn: &mut Conn, group: &Group, user_id: &str, random: i64) -> Result<Option<Message>> {
    dsl::messages
        .filter(dsl::group_key.eq(group.id))
        .filter(dsl::enterprise_id.eq(group.enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::random.eq(random))
        .get_result(conn)
        .optional()
}

/// Returns the messages of a group in order. The cost is the same at any position, because a row index is a sequence
/// number.
pub fn list(conn: &mut Conn, group: &Group, page: Page) -> Result<Paged<Message>> {
    let before = match page.start {
        Start::Index(index) => index,
        Start::After(sequence) => sequence.unwrap_or(0),
    };
    let rows = dsl::messages
        .filter(dsl::group_key.eq(group.id))
        .filter(dsl::enterprise_id.eq(group.enterprise_id))
        .filter(dsl::sequence.gt(before))
        .order(dsl::sequence)
        .limit(page.limit())
        .load(conn)?;
    Ok(Paged::new(group.last_sequence, page, rows, |message: &Message| message.sequence))
}

/// Returns the message with a sequence number.
pub fn get(conn: &mut Conn, group: &Group, sequence: i64) -> Result<Option<Message>> {
    dsl::messages
        .filter(dsl::group_key.eq(group.id))
        .filter(dsl::enterprise_id.eq(group.enterprise_id))
        .filter(dsl::sequence.eq(sequence))
        .get_result(conn)
        .optional()
}

/// Returns the last messages of people with sequence numbers below `end`, newest first.
pub fn last_before(conn: &mut Conn, group: &Group, end: i64, at_most: i64) -> Result<Vec<Message>> {
    dsl::messages
        .filter(dsl::group_key.eq(group.id))
        .filter(dsl::enterprise_id.eq(group.enterprise_id))
        .filter(dsl::sequence.lt(end))
        .filter(dsl::kind.ne(StoredKind::Notice))
        .order(dsl::sequence.desc())
        .limit(at_most)
        .load(conn)
}

/// Removes the content of a message, and records who recalled it.
pub fn recall(conn: &mut Conn, message: &Message, recalled_by: &str) -> Result<()> {
    diesel::update(dsl::messages.find(message.id))
        .filter(dsl::enterprise_id.eq(message.enterprise_id))
        .set((dsl::content.eq(""), dsl::recalled_by.eq(recalled_by)))
        .execute(conn)
        .map(drop)
}
