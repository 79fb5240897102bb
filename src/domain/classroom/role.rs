//! The roles of the people inside a class, which follow their reservations.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::log;
use crate::store;
use crate::store::ids::{ClassId, EnterpriseId};

/// Gives those of some users who are inside a locked class the role that they are reserved with now, or that of their account.
pub(in crate::domain) fn follow(
    conn: &mut Conn,
    class: (EnterpriseId, ClassId),
    user_ids: &[String],
    now: Millis,
) -> Result<()> {
    let (enterprise_id, class_id) = class;
    let mut changed = Vec::new();
    for session in store::classroom::session::open_of_users(conn, enterprise_id, class_id, user_ids)? {
        let role = match store::classroom::member::role(conn, enterprise_id, class_id, &session.user_id)? {
            Some(role) => Some(role),
            None => store::tenancy::user::find(conn, enterprise_id, &session.user_id)?.map(|user| user.role),
        };
        let Some(role) = role.filter(|role| *role != session.role) else { continue };
        store::classroom::session::set_role(conn, &session, role)?;
        changed.push(session);
    }
    log::changed(conn, class, &changed, now)
}
