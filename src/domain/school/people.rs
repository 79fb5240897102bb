//! Users whom a channel manages: its own account and the members of its organizations.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::profile;
use crate::domain::tenancy::user;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::tenancy::channel::Channel;
use crate::store::tenancy::user::User;

/// Returns a user whom the channel manages: its own account, or a member of one of its organizations.
///
/// # Errors
/// [`Error::UnknownUser`].
pub fn require_user(conn: &mut Conn, channel: &Channel, user_id: &str) -> Result<User> {
    let Channel { enterprise_id, channel_id, .. } = *channel;
    let user = user::require(conn, enterprise_id, user_id)?;
    if user_id == channel.user_id || store::school::membership::in_channel(conn, enterprise_id, channel_id, user_id)? {
        Ok(user)
    } else {
        Err(Error::UnknownUser(user_id.to_owned()))
    }
}

/// Changes a user whom the channel manages.
///
/// # Errors
/// [`Error::UnknownUser`], [`Error::Invalid`].
pub fn modify_user(conn: &mut Conn, channel: &Channel, user_id: &str, patch: user::Patch, now: Millis) -> Result<()> {
    require_user(conn, channel, user_id)?;
    profile::modify(conn, channel.enterprise_id, user_id, patch, now)
}
