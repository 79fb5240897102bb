//! Open registration: accounts that people open themselves, where the enterprise allows it.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::class;
use crate::domain::tenancy::settings::Registration;
use crate::domain::tenancy::user::{Draft, Role};
use crate::domain::tenancy::{settings, user};
use crate::domain::{Error, Forbidden, Result};
use crate::store;
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::enterprise::Enterprise;

/// Checks that somebody may open an account with this id and role. It must be free: no user has the id, or one that
/// differs only in the case of letters, no deleted user had it, and nothing in the enterprise is reserved for it.
///
/// # Errors
/// [`Error::Forbidden`] when the enterprise registers such people itself; [`Error::UsersExist`] for an id that is not
/// free. The error doesn't say whether the id is taken or reserved.
pub fn check(conn: &mut Conn, enterprise: &Enterprise, user_id: &str, role: Role) -> Result<()> {
    match settings::rooms(conn, enterprise.enterprise_id)?.registration {
        Registration::Off => return Err(Error::Forbidden(Forbidden::RegistrationClosed)),
        Registration::Pupils if role != Role::Student => {
            return Err(Error::Forbidden(Forbidden::OnlyPupilsRegister));
        }
        Registration::Pupils | Registration::Teachers => {}
    }
    user::check_free(conn, enterprise.enterprise_id, user_id)?;
    if enterprise.super_admin == user_id || is_reserved(conn, enterprise.enterprise_id, user_id)? {
        return Err(Error::UsersExist(vec![user_id.to_owned()]));
    }
    Ok(())
}

/// Opens an account for somebody.
///
/// # Errors
/// Those of [`check`]; [`Error::Invalid`].
pub fn open(conn: &mut Conn, enterprise: &Enterprise, draft: Draft, now: Millis) -> Result<()> {
    let enterprise_id = enterprise.enterprise_id;
    store::tenancy::user::one_at_a_time(conn, enterprise_id)?;
    check(conn, enterprise, &draft.user_id, draft.role)?;
    user::register(conn, enterprise_id, vec![draft], now).map(drop)
}

/// Whether something in the enterprise names this id, so that whoever had it would get more than an account. The teacher
/// and the assistant of a class are its members, and those of a course are members of its organization.
pub(super) fn is_reserved(conn: &mut Conn, id: EnterpriseId, user_id: &str) -> Result<bool> {
    Ok(user::is_visitor_id(user_id)
        || class::is_recorder_id(user_id)
        || store::classroom::member::is_reserved(conn, id, user_id)?
        || store::classroom::class::is_named(conn, id, user_id)?
        || store::school::membership::exists_of(conn, id, user_id)?
        || store::chat::group::member::exists(conn, id, user_id)?
        || store::content::document::is_owner(conn, id, user_id)?
        || store::tenancy::former_user::exists(conn, id, user_id)?)
}
