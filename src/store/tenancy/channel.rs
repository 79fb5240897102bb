//! Channels: the partners of an enterprise who manage organizations of their own.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::channels;
use crate::store::schema::channels::dsl;

/// A partner's login.
#[derive(Clone, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = channels, primary_key(channel_id))]
pub struct Channel {
    /// Counts up.
    pub channel_id: i64,
    /// Whose partner.
    pub enterprise_id: i64,
    /// What it logs in with; no two have the same.
    pub mobile: String,
    /// Its own account, a user.
    pub user_id: String,
    /// Argon2 of its password.
    pub password_hash: String,
    /// When the password was set: tokens from before are good no more.
    pub password_time: Millis,
    /// When it was made.
    pub create_time: Millis,
}

// Written by hand so that no log line can ever show the hash of a password.
impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("channel_id", &self.channel_id).finish_non_exhaustive()
    }
}

/// What a new channel starts with.
#[derive(Clone, Insertable)]
#[diesel(table_name = channels, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Channel")]
pub struct NewChannel {
    pub enterprise_id: i64,
    pub mobile: String,
    pub user_id: String,
    pub password_hash: String,
    pub password_time: Millis,
    pub create_time: Millis,
}

/// Adds a channel and returns it.
pub fn insert(conn: &mut Conn, new: &NewChannel) -> Result<Channel> {
    let insert = diesel::insert_into(dsl::channels).values(new).returning(channels::all_columns);
    insert.get_result(conn)
}

/// The channel that logs in with this.
pub fn find(conn: &mut Conn, mobile: &str) -> Result<Option<Channel>> {
    dsl::channels.filter(dsl::mobile.eq(mobile)).get_result(conn).optional()
}

/// One channel, of whichever enterprise its token says.
pub fn get(conn: &mut Conn, channel_id: i64) -> Result<Option<Channel>> {
    dsl::channels.find(channel_id).get_result(conn).optional()
}

/// The channels of an enterprise, the oldest first.
pub fn list(conn: &mut Conn, enterprise_id: i64) -> Result<Vec<Channel>> {
    dsl::channels.filter(dsl::enterprise_id.eq(enterprise_id)).order(dsl::channel_id).load(conn)
}

/// Writes every column of a channel that was changed.
pub fn update(conn: &mut Conn, channel: &Channel) -> Result<()> {
    diesel::update(dsl::channels.find(channel.channel_id))
        .filter(dsl::enterprise_id.eq(channel.enterprise_id))
        .set(channel)
        .execute(conn)
        .map(drop)
}
