//! Messages: what was said in a group. They are numbered from 1 without a gap, so that a place in a group is a number.

use super::group::Group;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::schema::messages;
use crate::store::schema::messages::dsl;
use crate::store::text::words;
use crate::store::{Page, Paged, Result, Start};

words! {
    /// What a message holds.
    MessageKind {
        /// What people read.
        Text = "text",
        /// What components read.
        Custom = "custom",
    }
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
    /// What it holds.
    pub kind: MessageKind,
    /// What was said.
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

/// What a new message starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Message")]
pub struct NewMessage {
    pub enterprise_id: i64,
    pub group_key: i64,
    pub sequence: i64,
    pub user_id: String,
    pub kind: MessageKind,
    pub content: String,
    pub random: Option<i64>,
    pub create_time: Millis,
    pub sender_name: String,
    pub sender_avatar: String,
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
