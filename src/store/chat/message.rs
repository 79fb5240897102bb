//! Messages: what was said in a group. They are numbered from 1 without a gap, so that a place in a group is a number.

use serde::{Deserialize, Serialize};

use super::group::Group;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
pub use crate::store::events::payload::MessageKind;
use crate::store::schema::messages;
use crate::store::schema::messages::dsl;
use crate::store::text::words;
use crate::store::{Page, Paged, Result, Start};

words! {
    /// What the content of a row is.
    StoredKind {
        /// A [`MessageKind::Text`].
        Text = "text",
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
            MessageKind::Custom => Self::Custom,
        }
    }
}

/// What a group is notified of. Components read it in the words of a protocol, which it gets when it is pulled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// The class began.
    ClassBegan,
    /// The class ended.
    ClassEnded,
    /// Somebody entered the class.
    Entered {
        /// Who.
        user_id: String,
    },
    /// A recording of the class is available.
    Recorded,
    /// The class, or the course, was messaged as a whole.
    Pushed {
        /// The id of the class or the course.
        class_id: i64,
        /// The number of the record.
        push_id: i64,
    },
}

/// A message.
#[derive(Clone, Debug, Queryable)]
pub struct Message {
    /// Counts up.
    pub id: i64,
    /// Whose group it is in.
    pub enterprise_id: i64,
    /// The `id` of the group.
    pub group_key: i64,
    /// The how-manieth of the group, from 1.
    pub sequence: i64,
    /// Who said it.
    pub user_id: String,
    /// What its content is.
    pub kind: StoredKind,
    /// What was said, or the notice.
    pub content: String,
    /// The sender's own number of it.
    pub random: Option<i64>,
    /// When.
    pub create_time: Millis,
    /// What a sender who is no user is called; empty for a user.
    pub sender_name: String,
    /// The address of the picture of a sender who is no user.
    pub sender_avatar: String,
}

impl Message {
    /// The notice that it is, if it is one.
    #[must_use]
    pub fn notice(&self) -> Option<Notice> {
        match self.kind {
            StoredKind::Notice => serde_json::from_str(&self.content).ok(),
            StoredKind::Text | StoredKind::Custom => None,
        }
    }

    /// What it is to who reads it: components read notices.
    #[must_use]
    pub fn shown_kind(&self) -> MessageKind {
        match self.kind {
            StoredKind::Text => MessageKind::Text,
            StoredKind::Custom | StoredKind::Notice => MessageKind::Custom,
        }
    }
}

/// What a new message starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Message")]
pub struct NewMessage {
    pub enterprise_id: i64,
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
    /// A notice to a group. `user_id` is whose doing it reports; empty for nobody's.
    #[must_use]
    pub fn notice(group: &Group, sequence: i64, user_id: String, notice: &Notice, now: Millis) -> Self {
        Self {
            enterprise_id: group.enterprise_id,
            group_key: group.id,
            sequence,
            user_id,
            kind: StoredKind::Notice,
            // Written by its own type, which has no maps.
            content: serde_json::to_string(notice).unwrap_or_default(),
            random: None,
            create_time: now,
            sender_name: String::new(),
            sender_avatar: String::new(),
        }
    }
}

/// Adds a message.
pub fn insert(conn: &mut Conn, new: &NewMessage) -> Result<Message> {
    let insert = diesel::insert_into(dsl::messages).values(new).returning(messages::all_columns);
    insert.get_result(conn)
}

/// The message that somebody sent to a group with this number of theirs.
pub fn find(conn: &mut Conn, group: &Group, user_id: &str, random: i64) -> Result<Option<Message>> {
    dsl::messages
        .filter(dsl::group_key.eq(group.id))
        .filter(dsl::enterprise_id.eq(group.enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(dsl::random.eq(random))
        .get_result(conn)
        .optional()
}

/// The messages of a group in their order. Any page costs the same: `index` rows are those up to that number.
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
