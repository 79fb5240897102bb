//! The ids of deleted users. What they did is still under these ids.

use diesel::dsl::{exists as any, select};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::former_users;
use crate::store::schema::former_users::dsl;

/// A deleted user to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = former_users, treat_none_as_default_value = false)]
pub struct FormerUser {
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The id.
    pub user_id: String,
    /// When the user was deleted.
    pub delete_time: Millis,
}

/// Records a deleted user. Does nothing if a user with this id was deleted before.
pub fn insert(conn: &mut Conn, new: &FormerUser) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => diesel::insert_or_ignore_into(dsl::former_users).values(new).execute(c),
        Conn::Postgres(c) => diesel::insert_into(dsl::former_users).values(new).on_conflict_do_nothing().execute(c),
    }
    .map(drop)
}

/// Whether a user with this id was deleted.
pub fn exists(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let row = dsl::former_users.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq(user_id));
    select(any(row)).get_result(conn)
}
