//! Links that sign one user in to one class, so that a back end puts no `user_token` into an address.

use super::class::rules;
use super::member;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::{token, user};
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::class::Type;
use crate::store::ids::{ClassId, EnterpriseId};

/// How long a link is valid if nothing else is asked for, in seconds: an hour.
pub const VALID_SECONDS: i64 = 3_600;
/// How long a link can be valid, in seconds.
pub const VALID_SECONDS_AT_MOST: i64 = token::LINK_AT_MOST / 1_000;

/// A link to a class.
#[derive(Clone, Debug)]
pub struct Link {
    /// The class.
    pub class_id: ClassId,
    /// The user whom it signs in.
    pub user_id: String,
    /// Whether the user is the teacher or the assistant of the class.
    pub is_host: bool,
    /// The token, for this class only.
    pub token: String,
    /// Until when somebody can enter with it.
    pub expire_time: Millis,
}

/// Makes a link for a user who may enter a class that is not over, valid for `valid` milliseconds, at most
/// [`VALID_SECONDS_AT_MOST`]. Who enters with it stays signed in until a day after it was made. It ends with the user's other
/// tokens, with the class, and when the user is put out.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::UnknownUser`], [`Error::ClassEnded`], [`Error::NotReserved`], [`Error::Banned`].
pub fn make(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
    valid: Millis,
    now: Millis,
) -> Result<Link> {
    rules::require(conn, enterprise_id, class_id)?;
    // Users are locked before classes.
    let user = user::lock(conn, enterprise_id, user_id)?;
    let class = rules::lock(conn, enterprise_id, class_id)?;
    rules::check_not_over(&class)?;
    if class.class_type != Type::Public
        && store::classroom::member::role(conn, enterprise_id, class_id, user_id)?.is_none()
    {
        return Err(Error::NotReserved { user_id: user.user_id, class_id });
    }
    member::check_not_put_out(conn, &class, user_id)?;
    let (token, expire_time) = token::grant_in_class(conn, &user, class_id, valid, now)?;
    let is_host = rules::host_role(&class.teacher_id, &class.assistant_id, user_id).is_some();
    Ok(Link { class_id, user_id: user.user_id, is_host, token, expire_time })
}
