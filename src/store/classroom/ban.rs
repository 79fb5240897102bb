//! Bans: users who were removed from a class and may not join again.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::bans;
use crate::store::schema::bans::dsl;

/// A ban.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = bans, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns")]
pub struct Ban {
    pub class_id: ClassId,
    pub user_id: String,
    pub enterprise_id: EnterpriseId,
    pub create_time: Millis,
}

/// Bans a user. Does nothing if the user is already banned.
pub fn insert(conn: &mut Conn, ban: &Ban) -> Result<()> {
    diesel::insert_into(dsl::bans).values(ban).on_conflict_do_nothing().execute(conn).map(drop)
}

/// Whether a user is banned from a class.
pub fn exists(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_id: &str) -> Result<bool> {
    diesel::select(diesel::dsl::exists(
        dsl::bans
            .filter(dsl::class_id.eq(class_id))
            .filter(dsl::user_id.eq(user_id))
            .filter(dsl::enterprise_id.eq(enterprise_id)),
    ))
    .get_result(conn)
}

/// Lifts bans from a class. Users without a ban are ignored.
pub fn lift(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, user_ids: &[String]) -> Result<()> {
    diesel::delete(dsl::bans)
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::user_id.eq_any(user_ids))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .execute(conn)
        .map(drop)
}
