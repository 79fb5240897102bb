//! Visitors: the accounts that are made for people without one. Each ends a day after the class that it was made for.

use diesel::dsl::{exists, select};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::visitors::dsl;
use crate::store::schema::{bans, tokens, users, visitors};
use crate::store::tenancy::user::Role;
use crate::store::{CacheTag, Result};

/// An account of a visitor.
#[derive(Clone, Debug, Insertable, Queryable)]
#[diesel(table_name = visitors, treat_none_as_default_value = false)]
pub struct Visitor {
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The user.
    pub user_id: String,
    /// The class that it was made for.
    pub class_id: ClassId,
    /// The network of who asked for it; empty if unknown.
    pub network: String,
    /// When it was made.
    pub create_time: Millis,
    /// When it ends; `None` while its class goes on.
    pub expire_time: Option<Millis>,
}

/// Inserts an account.
pub fn insert(conn: &mut Conn, new: &Visitor) -> Result<()> {
    diesel::insert_into(dsl::visitors).values(new).execute(conn).map(drop)
}

/// Returns the account of a user; `None` for users who are no visitors.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<Option<Visitor>> {
    dsl::visitors.find((enterprise_id, user_id)).get_result(conn).optional()
}

/// Whether a visitor of this network is banned from a class.
pub fn is_banned_from(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, network: &str) -> Result<bool> {
    let banned = bans::table
        .inner_join(
            visitors::table
                .on(visitors::enterprise_id.eq(bans::enterprise_id).and(visitors::user_id.eq(bans::user_id))),
        )
        .filter(bans::class_id.eq(class_id))
        .filter(bans::enterprise_id.eq(enterprise_id))
        .filter(visitors::network.eq(network));
    select(exists(banned)).get_result(conn)
}

/// The maximum number of class ids in one statement. SQLite allows at most 32,766 values.
const CLASSES_AT_ONCE: usize = 10_000;

/// Sets when the accounts that were made for some classes end. Those that have a time already keep it.
pub fn expire(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId], at: Millis) -> Result<()> {
    for some in class_ids.chunks(CLASSES_AT_ONCE) {
        diesel::update(dsl::visitors)
            .filter(dsl::class_id.eq_any(some))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .filter(dsl::expire_time.is_null())
            .set(dsl::expire_time.eq(at))
            .execute(conn)?;
    }
    Ok(())
}

/// Returns accounts of any enterprise that have ended, the earliest first.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<(EnterpriseId, String)>> {
    dsl::visitors
        .filter(dsl::expire_time.le(now))
        .order(dsl::expire_time)
        .limit(at_most)
        .select((dsl::enterprise_id, dsl::user_id))
        .load(conn)
}

/// Deletes an account with its tokens and its user. The sessions of the user stay, without their user.
pub fn remove(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<()> {
    CacheTag::User(enterprise_id, user_id.to_owned()).changes();
    CacheTag::Users(enterprise_id).changes();
    diesel::delete(tokens::table)
        .filter(tokens::enterprise_id.eq(enterprise_id))
        .filter(tokens::user_id.eq(user_id))
        .execute(conn)?;
    diesel::delete(users::table)
        .filter(users::enterprise_id.eq(enterprise_id))
        .filter(users::user_id.eq(user_id))
        // The enterprise may have made them something else since.
        .filter(users::role.eq(Role::Visitor))
        .execute(conn)?;
    diesel::delete(dsl::visitors.find((enterprise_id, user_id))).execute(conn).map(drop)
}
