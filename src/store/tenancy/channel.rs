//! Channels: partners of an enterprise that manage their own organizations.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ChannelId, EnterpriseId};
use crate::store::schema::channels;
use crate::store::schema::channels::dsl;

/// A channel: the login of a partner.
#[derive(Clone, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = channels, primary_key(channel_id))]
pub struct Channel {
    /// The id, assigned in ascending order.
    pub channel_id: ChannelId,
    /// The enterprise of the partner.
    pub enterprise_id: EnterpriseId,
    /// The login name; unique among all channels.
    pub mobile: String,
    /// The `user_id` of its own user account.
    pub user_id: String,
    /// Argon2 hash of the password.
    pub password_hash: String,
    /// When the password was set. Older tokens are invalid.
    pub password_time: Millis,
    /// When it was created.
    pub create_time: Millis,
}

// Written by hand so that a log line never shows the password hash.
impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("channel_id", &self.channel_id).finish_non_exhaustive()
    }
}

/// A channel to insert.
#[derive(Clone, Insertable)]
#[diesel(table_name = channels, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Channel")]
pub struct NewChannel {
    pub enterprise_id: EnterpriseId,
    pub mobile: String,
    pub user_id: String,
    pub password_hash: String,
    pub password_time: Millis,
    pub create_time: Millis,
}

/// Inserts a channel and returns it.
pub fn insert(conn: &mut Conn, new: &NewChannel) -> Result<Channel> {
    let insert = diesel::insert_into(dsl::channels).values(new).returning(channels::all_columns);
    insert.get_result(conn)
}

/// Returns the channel with this login name.
pub fn find(conn: &mut Conn, mobile: &str) -> Result<Option<Channel>> {
    dsl::channels.filter(dsl::mobile.eq(mobile)).get_result(conn).optional()
}

/// Returns a channel by id, of any enterprise.
pub fn get(conn: &mut Conn, channel_id: ChannelId) -> Result<Option<Channel>> {
    dsl::channels.find(channel_id).get_result(conn).optional()
}

/// Returns the channels of an enterprise, oldest first.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Vec<Channel>> {
    dsl::channels.filter(dsl::enterprise_id.eq(enterprise_id)).order(dsl::channel_id).load(conn)
}

/// Whether a user is the account of a channel.
pub fn is_account(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let of_user = dsl::channels.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq(user_id));
    diesel::select(diesel::dsl::exists(of_user)).get_result(conn)
}

/// Updates all columns of a channel.
pub fn update(conn: &mut Conn, channel: &Channel) -> Result<()> {
    diesel::update(dsl::channels.find(channel.channel_id))
        .filter(dsl::enterprise_id.eq(channel.enterprise_id))
        .set(channel)
        .execute(conn)
        .map(drop)
}
