//! Sign-ins that concern classes: visitors, and users whose open sessions move to a new token.

use super::class;
use super::class::rules;
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
/// [`Error::UnknownClass`](crate::domain::Error::UnknownClass), [`Error::Forbidden`](crate::domain::Error::Forbidden) when the class is not public, [`Error::ClassEnded`](crate::domain::Error::ClassEnded).
pub fn grant_visitor(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    nickname: Option<String>,
    now: Millis,
) -> Result<(Ticket, String)> {
    let class = class::require(conn, enterprise_id, class_id)?;
    rules::check_public(&class)?;
    class::check_not_over(&class)?;
    let ticket = user::create_visitor(conn, enterprise_id, nickname, now)?;
    let visitor = user::require(conn, enterprise_id, &ticket.user_id)?;
    let token = grant(conn, &visitor, now)?;
    Ok((ticket, token))
}
