//! Users who ask to enter a class. Everything that decides about it is one query, as each query is a round trip to PostgreSQL.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::classroom::session::Session;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::{bans, members, sessions, users};
use crate::store::tenancy::user::{Role, User};

/// A user who asks to enter a class.
#[derive(Clone, Debug, Queryable)]
pub struct Candidate {
    /// The user.
    pub user: User,
    /// The role of the reservation, if they have one.
    pub reserved: Option<Role>,
    /// Whether they were put out of the class.
    pub is_banned: bool,
    /// Their last session in the class, open or closed.
    pub last: Option<Session>,
}

/// Returns a user who asks to enter a class.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_id: &str,
) -> Result<Option<Candidate>> {
    let reserved = members::class_id
        .eq(class_id)
        .and(members::user_id.eq(users::user_id))
        .and(members::enterprise_id.eq(users::enterprise_id));
    let banned = bans::class_id
        .eq(class_id)
        .and(bans::user_id.eq(users::user_id))
        .and(bans::enterprise_id.eq(users::enterprise_id));
    let theirs = sessions::class_id
        .eq(class_id)
        .and(sessions::user_id.eq(users::user_id))
        .and(sessions::enterprise_id.eq(users::enterprise_id));
    let found = users::table
        .left_join(members::table.on(reserved))
        .left_join(bans::table.on(banned))
        .left_join(sessions::table.on(theirs))
        .filter(users::enterprise_id.eq(enterprise_id))
        .filter(users::user_id.eq(user_id))
        .order(sessions::ordinal.desc())
        .limit(1)
        .select((
            users::all_columns,
            members::role.nullable(),
            bans::user_id.nullable().is_not_null(),
            sessions::all_columns.nullable(),
        ))
        .load(conn)?;
    Ok(found.into_iter().next())
}
