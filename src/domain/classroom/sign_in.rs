//! Sign-ins that concern classes: visitors, and users whose open sessions move to a new token.

use super::class;
use super::visitor;
use super::visitor::Stranger;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::tenancy::token::grant;
use crate::domain::tenancy::user::Ticket;
use crate::domain::tenancy::{secret, user};
use crate::store;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::user::User;

/// Like [`grant`], but ends all other tokens of the user and moves their open sessions to the new one. Also returns the
/// hashes of the ended tokens.
///
/// # Errors
/// As [`grant`].
pub fn grant_alone(conn: &mut Conn, shown: &User, now: Millis) -> Result<(String, Vec<String>)> {
    let (enterprise_id, user_id) = (shown.enterprise_id, shown.user_id.as_str());
    let token = grant(conn, shown, now)?;
    let token_hash = secret::hash_token(&token);
    let ended = store::tenancy::token::end_others(conn, enterprise_id, user_id, &token_hash)?;
    store::classroom::session::hand_over(conn, enterprise_id, user_id, &ended, &token_hash)?;
    Ok((token, ended))
}

/// Creates a user for a visitor who wants to enter a class, and signs them in.
///
/// # Errors
/// [`Error::UnknownClass`](crate::domain::Error::UnknownClass), also when the class is not public;
/// [`Error::ClassEnded`](crate::domain::Error::ClassEnded);
/// [`Error::Forbidden`](crate::domain::Error::Forbidden) for a visitor who was put out of the class before;
/// [`Error::Invalid`](crate::domain::Error::Invalid) for the name.
pub fn grant_visitor(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    nickname: Option<String>,
    stranger: &Stranger,
    now: Millis,
) -> Result<(Ticket, String)> {
    // The lock keeps the class from ending, which sets the time for the accounts that were made for it.
    let class = class::lock(conn, enterprise_id, class_id)?;
    visitor::check_public(&class, Some(stranger))?;
    class::check_not_over(&class)?;
    let ticket = visitor::create(conn, &class, nickname, Some(stranger), now)?;
    let account = user::require(conn, enterprise_id, &ticket.user_id)?;
    let token = grant(conn, &account, now)?;
    Ok((ticket, token))
}
