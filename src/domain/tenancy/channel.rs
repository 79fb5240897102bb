//! Channels: partners who log in and manage their own organizations. A channel has no access to the data of other
//! channels.

use super::{enterprise, secret, user};
use crate::clock::{Millis, millis};
use crate::db::Conn;
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::ids::ChannelId;
use crate::store::tenancy::channel::NewChannel;
pub use crate::store::tenancy::channel::{Channel, find, list};
use crate::store::tenancy::enterprise::Enterprise;
pub use crate::store::tenancy::signing_key::SigningKey;
use crate::store::tenancy::user::Role;

/// An authenticated channel, with what is needed to check its token.
#[derive(Clone, Debug)]
pub struct Access {
    /// The channel.
    pub channel: Channel,
    /// The enterprise whose partner it is.
    pub enterprise: Enterprise,
    /// The keys that sign its tokens.
    pub keys: SigningKey,
}

/// Creates a channel of an enterprise, with a user account for it.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`, for an invalid mobile number, and for one that another channel uses.
pub fn create(conn: &mut Conn, sdkappid: i64, mobile: &str, password_hash: String, now: Millis) -> Result<Channel> {
    let enterprise_id = enterprise::require(conn, sdkappid)?.enterprise_id;
    check_mobile(conn, mobile)?;
    let key = SigningKey { enterprise_id, jwt_key: secret::key(), old_jwt_key: None, old_jwt_key_until: None };
    store::tenancy::signing_key::insert(conn, &key)?;
    let account =
        user::Profile { nickname: mobile.to_owned(), phone_no: mobile.to_owned(), ..user::Profile::default() };
    let user_id = user::create_numbered(conn, enterprise_id, (Role::Teacher, &account), now, |conn, id, user_id| {
        Ok(store::tenancy::former_user::exists(conn, id, user_id)?)
    })?
    .user_id;
    let new = NewChannel {
        enterprise_id,
        mobile: mobile.to_owned(),
        user_id,
        password_hash,
        password_time: now,
        create_time: now,
    };
    Ok(store::tenancy::channel::insert(conn, &new)?)
}

fn check_mobile(conn: &mut Conn, mobile: &str) -> Result<()> {
    if !user::is_phone_number(mobile) {
        return Err(Error::invalid(Field::ChannelPhone, Problem::NotPhoneNumber));
    }
    match find(conn, mobile)? {
        Some(_) => Err(Error::invalid(Field::ChannelPhone, Problem::OfAnotherChannel(mobile.to_owned()))),
        None => Ok(()),
    }
}

/// Sets the password of a channel and invalidates all tokens issued before.
///
/// # Errors
/// [`Error::Invalid`] when no channel has this mobile number.
pub fn set_password(conn: &mut Conn, mobile: &str, password_hash: String, now: Millis) -> Result<()> {
    let unknown = || Error::invalid(Field::ChannelPhone, Problem::NoChannel(mobile.to_owned()));
    let channel = find(conn, mobile)?.ok_or_else(unknown)?;
    Ok(store::tenancy::channel::update(conn, &Channel { password_hash, password_time: now, ..channel })?)
}

/// Replaces the key that signs the tokens of the channels of an enterprise. Tokens signed with the old key stay valid
/// for `grace` milliseconds.
///
/// # Errors
/// [`Error::Invalid`] for an unknown `sdkappid`, and when the enterprise has no channel.
pub fn rotate_key(conn: &mut Conn, sdkappid: i64, grace: Millis, now: Millis) -> Result<SigningKey> {
    let enterprise_id = enterprise::lock(conn, sdkappid)?.enterprise_id;
    let keys = store::tenancy::signing_key::find(conn, enterprise_id)?;
    let old = keys.ok_or_else(|| Error::invalid(Field::EnterpriseNumber, Problem::WithoutChannel(sdkappid)))?;
    let keys = SigningKey {
        enterprise_id,
        jwt_key: secret::key(),
        old_jwt_key: Some(old.jwt_key),
        old_jwt_key_until: Some(now.saturating_add(grace)),
    };
    store::tenancy::signing_key::update(conn, &keys)?;
    Ok(keys)
}

/// The access data of a channel, or `None` when the channel does not exist or its enterprise has switched the protocol
/// of channels off.
///
/// # Errors
/// Only those of the database.
pub fn access(conn: &mut Conn, channel_id: ChannelId) -> Result<Option<Access>> {
    let Some(channel) = store::tenancy::channel::get(conn, channel_id)? else { return Ok(None) };
    let enterprise = store::tenancy::enterprise::get(conn, channel.enterprise_id)?;
    let keys = store::tenancy::signing_key::find(conn, channel.enterprise_id)?;
    let enterprise = enterprise.filter(|enterprise| enterprise.channels_enabled);
    Ok(enterprise.zip(keys).map(|(enterprise, keys)| Access { channel, enterprise, keys }))
}

impl Access {
    /// What a token is bound to: a digest of the stored password, which every new password changes, also within the same
    /// second. It says nothing about the password itself, whose hash has a random salt.
    #[must_use]
    pub fn credential(&self) -> String {
        secret::hash_token(&self.channel.password_hash)
    }

    /// Whether a token with this credential is valid. A token of an earlier version has none; it must have been issued
    /// (Unix seconds) in a later second than the password was set in.
    #[must_use]
    pub fn admits_token_of(&self, credential: Option<&str>, issued: i64) -> bool {
        match credential {
            Some(credential) => secret::same(credential, &self.credential()),
            None => millis(issued) >= self.channel.password_time,
        }
    }
}
