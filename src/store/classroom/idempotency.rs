//! Idempotency keys: the first response to a request that a client may repeat with the same key.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::idempotency_keys;
use crate::store::schema::idempotency_keys::dsl;

/// The maximum number of keys in one statement. SQLite allows at most 32,766 values.
const AT_ONCE: usize = 10_000;

/// The request and its response under a key.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct Answered {
    /// The enterprise that sent the request.
    pub enterprise_id: EnterpriseId,
    /// The key.
    pub idempotency_key: String,
    /// SHA-256 of the request body.
    pub body_hash: String,
    /// The class that the request created.
    pub class_id: ClassId,
    /// When the request came.
    pub create_time: Millis,
}

/// Claims a key for this transaction. Returns false if it is taken. Waits for a concurrent transaction that holds the
/// key.
pub fn claim(conn: &mut Conn, new: &Answered) -> Result<bool> {
    let insert = diesel::insert_into(dsl::idempotency_keys).values(new);
    insert.on_conflict_do_nothing().execute(conn).map(|n| n > 0)
}

/// Returns the response under a key.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, key: &str) -> Result<Option<Answered>> {
    dsl::idempotency_keys.find((enterprise_id, key)).get_result(conn).optional()
}

/// Stores the class that was created under a key.
pub fn settle(conn: &mut Conn, enterprise_id: EnterpriseId, key: &str, class_id: ClassId) -> Result<()> {
    diesel::update(dsl::idempotency_keys.find((enterprise_id, key)))
        .set(dsl::class_id.eq(class_id))
        .execute(conn)
        .map(drop)
}

/// Deletes the keys of an enterprise that are older than `before`. Skips rows that another transaction is deleting.
pub fn forget(conn: &mut Conn, enterprise_id: EnterpriseId, before: Millis) -> Result<()> {
    let own = dsl::idempotency_keys.filter(dsl::enterprise_id.eq(enterprise_id));
    let old = own.filter(dsl::create_time.lt(before)).select(dsl::idempotency_key);
    let old: Vec<String> = match conn {
        Conn::Sqlite(c) => old.load(c)?,
        Conn::Postgres(c) => old.for_update().skip_locked().load(c)?,
    };
    for some in old.chunks(AT_ONCE) {
        diesel::delete(own.filter(dsl::idempotency_key.eq_any(some))).execute(conn)?;
    }
    Ok(())
}
